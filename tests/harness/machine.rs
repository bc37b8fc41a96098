//! What a test takes from the machine: ports, folders, settings, the kernel's view of a process.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

/// A folder that goes away with the test.
pub type Scratch = tempfile::TempDir;

/// The kernel counts CPU time in hundredths of a second on every Linux we build for.
const TICKS_PER_SECOND: f64 = 100.0;

/// A new empty folder.
///
/// # Panics
/// When the machine has no room.
#[must_use]
pub fn scratch() -> Scratch {
    tempfile::Builder::new().prefix("cmcache-it-").tempdir().expect("a temporary folder")
}

/// A loopback port that was free a moment ago.
///
/// # Panics
/// When no port is free.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
    listener.local_addr().expect("a listener has an address").port()
}

/// A loopback port that was free a moment ago and that no outgoing connection takes: it can be
/// listened on again later.
///
/// # Panics
/// When no port is free.
#[must_use]
pub fn lasting_port() -> u16 {
    // Below the range from which kernels serve clients.
    let ports = std::iter::repeat_with(|| fastrand::u16(20_500..32_000)).take(200);
    let mut free = ports.filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    free.next().expect("a loopback port is free")
}

/// A setting of the test run, from the environment; empty counts as absent.
#[must_use]
pub fn setting(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.into_string().ok()?;
    (!value.is_empty()).then_some(value)
}

/// Bytes that clients have sent to the loopback `port` and its server has not read yet; sums all
/// connections, those that are not accepted yet included.
///
/// # Panics
/// Where there is no `/proc/net/tcp`.
#[must_use]
pub fn unread_bytes(port: u16) -> u64 {
    let table = fs::read_to_string("/proc/net/tcp").expect("Linux tells its connections");
    unread_in(&table, port)
}

/// CPU seconds that a process and its children have used so far, in user and system mode.
#[must_use]
pub fn cpu_seconds(pid: u32) -> f64 {
    let own = fs::read_to_string(format!("/proc/{pid}/stat")).ok().and_then(|stat| ticks_in(&stat));
    let children: f64 = children_of(pid).into_iter().map(cpu_seconds).sum();
    own.unwrap_or(0.0) / TICKS_PER_SECOND + children
}

fn children_of(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let pids = |list: String| -> Vec<u32> {
        list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
    };
    lists.flat_map(pids).collect()
}

/// utime + stime: the 14th and 15th field; the second is a name that may hold anything.
fn ticks_in(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// Columns: number, local, remote, state, `sent:received` queues, all in hexadecimal.
fn unread_in(table: &str, port: u16) -> u64 {
    const ESTABLISHED: &str = "01";
    let local = format!(":{port:04X}");
    let lines = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    let ours = lines.filter(|columns| {
        columns.len() > 4 && columns[1].ends_with(&local) && columns[3] == ESTABLISHED
    });
    let queued = ours.filter_map(|columns| {
        let (_, received) = columns[4].split_once(':')?;
        u64::from_str_radix(received, 16).ok()
    });
    queued.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticks_are_found_behind_any_name() {
        // Breaks: a worker called "a) b" would seem to use no CPU.
        let fields: Vec<String> = (4..=20).map(|field| field.to_string()).collect();
        assert_eq!(ticks_in(&format!("7 (a) b) S {}", fields.join(" "))), Some(14.0 + 15.0));
        assert!(cpu_seconds(std::process::id()) >= 0.0);
    }

    #[test]
    fn unread_bytes_are_those_of_our_port_only() {
        // Breaks: the drain test would wait for strangers, or for nobody.
        let table = "  sl  local_address rem_address   st tx_queue:rx_queue tr\n\
             0: 0100007F:1F90 0100007F:C001 01 00000000:0000002A 00\n\
             1: 0100007F:1F91 0100007F:C002 01 00000000:000000FF 00\n\
             2: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00\n";
        assert_eq!(unread_in(table, 8080), 42);
    }
}
