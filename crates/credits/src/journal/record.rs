//! One record, one line: a checksum, a blank, JSON. Readable by people in an emergency.

use std::io;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::{End, OpenBlock, OpenReservation, ReservationId};

const CHECKSUM_DIGITS: usize = 16;

/// As it is read.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    Opened(OpenReservation),
    Closed(End),
    Leasing(OpenBlock),
    Returned(ReservationId),
}

/// As it is written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RecordRef<'a> {
    Opened(&'a OpenReservation),
    Closed(&'a End),
    Leasing(&'a OpenBlock),
    Returned(&'a ReservationId),
}

/// The line, with its end.
pub(super) fn encode(record: &RecordRef<'_>) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(record)?;
    let mut line = format!("{:016x} ", xxh3_64(&json)).into_bytes();
    line.extend_from_slice(&json);
    line.push(b'\n');
    Ok(line)
}

/// The record of a line without its end; `None` if the line is not as it was written.
pub(super) fn decode(line: &[u8]) -> Option<Record> {
    let (checksum, rest) = line.split_at_checked(CHECKSUM_DIGITS)?;
    let json = rest.strip_prefix(b" ")?;
    let checksum = std::str::from_utf8(checksum).ok()?;
    if u64::from_str_radix(checksum, 16).ok()? != xxh3_64(json) {
        return None;
    }
    serde_json::from_slice(json).ok()
}
