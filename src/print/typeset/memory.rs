//! How much memory a process holds.
//!
//! Memory is measured (resident pages, from `/proc`) rather than limited by
//! `ulimit -v`: that counts reserved addresses, of which thread stacks and
//! allocator arenas take gigabytes on machines with many cores, and it needs a
//! shell. A document that allocates as fast as it can overshoots the limit by
//! what it touches between two looks: tens of megabytes. Where there is no
//! `/proc`, only the time limit holds.

/// What a process holds in memory, in bytes; `None` where the system does not
/// say.
#[cfg(target_os = "linux")]
pub(super) fn resident_bytes(process: u32) -> Option<u64> {
    // Not `statm`: its unit is the page, and how long that is cannot be asked
    // without unsafe code.
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// What a process holds in memory, in bytes; `None` where the system does not
/// say.
#[cfg(not(target_os = "linux"))]
pub(super) fn resident_bytes(_process: u32) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_holds_some_memory() {
        let bytes = resident_bytes(std::process::id()).unwrap();
        assert!(bytes > 100_000, "{bytes}");
        assert_eq!(resident_bytes(u32::MAX), None);
    }
}
