//! The process itself.

use std::time::Duration;

use serde::Serialize;

const STATUS_PATH: &str = "/proc/self/status";

/// Memory and uptime.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Vitals {
    /// Resident memory; `None` where the system does not tell.
    pub resident_bytes: Option<u64>,
    /// The most it ever was.
    pub peak_resident_bytes: Option<u64>,
    /// Since the start the owner named.
    pub uptime_seconds: f64,
}

impl Vitals {
    /// Asks the system; where there is no answer the memory is unknown.
    #[must_use]
    pub fn read(uptime: Duration) -> Self {
        Self::parse(&std::fs::read_to_string(STATUS_PATH).unwrap_or_default(), uptime)
    }

    /// `status` names its unit, so no page size has to be known.
    fn parse(status: &str, uptime: Duration) -> Self {
        Self {
            resident_bytes: field(status, "VmRSS:"),
            peak_resident_bytes: field(status, "VmHWM:"),
            uptime_seconds: uptime.as_secs_f64(),
        }
    }
}

fn field(status: &str, name: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests;
