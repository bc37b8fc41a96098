use super::*;

#[test]
fn it_reads_what_the_kernel_writes() {
    // Breaks if the unit is misread: memory would be off by a thousand.
    let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t1\n";
    let vitals = Vitals::parse(status, Duration::from_secs(3));
    assert_eq!(vitals.resident_bytes, Some(1 << 20));
    assert_eq!(vitals.peak_resident_bytes, Some(2 << 20));
    assert!((vitals.uptime_seconds - 3.0).abs() < 1e-9);
}

#[test]
fn where_nothing_is_told_memory_is_unknown() {
    // Breaks if a system without this file gets a panic, or a false zero.
    for status in ["", "VmRSS:\tmany kB\n", "VmRSS:\t1024\n", "VmRSS: 99999999999999999999 kB"] {
        assert_eq!(Vitals::parse(status, Duration::ZERO).resident_bytes, None);
    }
}
