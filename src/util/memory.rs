//! How much memory this program has, where the system tells.

/// Bytes of this process that are in the machine's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Now.
    pub now: u64,
    /// The most so far.
    pub peak: u64,
}

/// What Linux tells; elsewhere nothing.
pub fn used() -> Option<Memory> {
    if cfg!(target_os = "linux") { told(&std::fs::read_to_string("/proc/self/status").ok()?) } else { None }
}

/// Bytes of the machine's memory that programs may still have; what Linux tells, elsewhere nothing.
pub fn free() -> Option<u64> {
    if cfg!(target_os = "linux") { bytes(&std::fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:") } else { None }
}

/// Reads what a process's `status` says.
fn told(status: &str) -> Option<Memory> {
    Some(Memory { now: bytes(status, "VmRSS:")?, peak: bytes(status, "VmHWM:")? })
}

/// The figure of this name: "VmRSS:     5120 kB", where a kB is 1024 bytes.
fn bytes(table: &str, name: &str) -> Option<u64> {
    let rest = table.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_figures_are_read_in_bytes_and_nothing_is_made_up() {
        let status = "Name:\tdenoodle\nVmPeak:\t  900 kB\nVmHWM:\t     640 kB\nVmRSS:\t     512 kB\nThreads:\t4\n";
        assert_eq!(told(status), Some(Memory { now: 512 * 1024, peak: 640 * 1024 }));
        for without in ["VmHWM:\t 1 kB\n", "VmRSS:\t 1 kB\n", "VmHWM:\t x kB\nVmRSS:\t 1 kB\n", ""] {
            assert_eq!(told(without), None, "{without}");
        }
    }

    #[test]
    fn this_process_has_some_where_the_system_tells() {
        assert_eq!(free().is_some_and(|bytes| bytes > 0), cfg!(target_os = "linux"));
        assert_eq!(used().is_some_and(|memory| memory.now > 0 && memory.peak > 0), cfg!(target_os = "linux"));
    }
}
