//! What a process has used, as `/proc` tells it; zero where there is none.

use std::fs;
use std::time::Duration;

/// What all living threads of a process have computed.
pub fn cpu_time_of(process: &str) -> Duration {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return Duration::ZERO;
    };
    let nanoseconds: u64 = threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}

/// The same of this process.
pub fn cpu_time() -> Duration {
    cpu_time_of("self")
}

/// What the processes that this one started have computed, those that ended not counted.
pub fn cpu_time_of_children() -> Duration {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return Duration::ZERO;
    };
    let children: Vec<String> = threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .collect();
    children
        .iter()
        .flat_map(|list| list.split_whitespace())
        .map(cpu_time_of)
        .sum()
}

/// The most memory that this process has held, in bytes.
pub fn peak_memory() -> u64 {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kilobytes| kilobytes * 1024)
}
