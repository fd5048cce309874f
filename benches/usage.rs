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
    children().iter().map(|child| cpu_time_of(child)).sum()
}

fn children() -> Vec<String> {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return Vec::new();
    };
    threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|list| {
            let list = list.split_whitespace().map(str::to_owned);
            list.collect::<Vec<_>>()
        })
        .collect()
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

/// What processes that this one started, and that ended, have computed; in
/// hundredths of a second, as the system counts.
pub fn cpu_time_of_ended_children() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in brackets, and may have blanks.
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// What the living processes that this one started hold in memory, in bytes.
pub fn memory_of_children() -> u64 {
    children()
        .iter()
        .filter_map(|child| fs::read_to_string(format!("/proc/{child}/status")).ok())
        .filter_map(|text| {
            let line = text.lines().find(|line| line.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map(|kilobytes| kilobytes * 1024)
        .sum()
}
