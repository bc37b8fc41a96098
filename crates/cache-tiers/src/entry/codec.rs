//! The byte form, format 1, little endian:
//!
//! ```text
//! 0 magic "cmE" · 3 format · 4 flags · 5 codec · 6 class u16 · 8 schema u32
//! 12 version u64 · 20 data_at · 28 fetched_at · 36 fresh_until · 44 usable_until (i64 ms)
//! 52 load ns u64 · 60 cost_milli u32 · 64 body length u32 · 68 xxh3 of all the rest u64 · 76 body
//! ```
//!
//! Codec 0: the body as it is. Codec 1: its length as u32, and the body as a zstd frame. The length
//! in the header and the checksum are those of what is stored.

use std::time::Duration;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use clock::Timestamp;
use xxhash_rust::xxh3::Xxh3Default;

use super::Entry;
use crate::{Flags, Meta, Version, limits::BODY_BYTES_MAX};

/// The body as it is.
const RAW: u8 = 0;
/// The body's length, and the body compressed.
const ZSTD: u8 = 1;
/// It leaves 13 % of a page of 200 coins, and 32 % of a single one; level 9 leaves 11 and 30 % and
/// takes ten times as long.
const ZSTD_LEVEL: i32 = 1;
const LENGTH_BYTES: usize = 4;

const MAGIC: [u8; 3] = *b"cmE";
const FORMAT: u8 = 1;
const CHECKED_BYTES: usize = 68;

/// What comes before the body.
pub const HEADER_BYTES: usize = CHECKED_BYTES + 8;

/// What the bodies of this release look like inside. Raise it when their layout changes: entries
/// of another schema are then misses, and a deploy needs no flush.
pub const SCHEMA: u32 = 1;

/// These bytes are no entry of ours. Always a miss, never a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// They do not begin as an entry does.
    #[error("not an entry")]
    Foreign,
    /// Another release wrote them in a form that this one does not know.
    #[error("an entry of format {0}, which this release does not know")]
    Format(u8),
    /// Another release wrote a body that this one does not know.
    #[error("an entry of schema {0}, which this release does not know")]
    Schema(u32),
    /// Another release compressed the body in a way that this one does not know.
    #[error("an entry with a body of codec {0}, which this release does not know")]
    Codec(u8),
    /// The checksum is right, but the body cannot be decompressed to what it should be.
    #[error("an entry whose body cannot be decompressed")]
    Compressed,
    /// Something is missing, or too much.
    #[error("an entry of the wrong length")]
    Length,
    /// Bits have changed.
    #[error("an entry with a wrong checksum")]
    Checksum,
}

pub(super) fn encode(entry: &Entry) -> Bytes {
    frame(&entry.meta, RAW, &entry.body)
}

/// Compressed, if that saves something.
pub(super) fn compress(entry: &Entry) -> Option<Bytes> {
    let length = u32::try_from(entry.body.len()).ok()?;
    let packed = zstd::bulk::compress(&entry.body, ZSTD_LEVEL).ok()?;
    let mut body = BytesMut::with_capacity(LENGTH_BYTES + packed.len());
    body.put_u32_le(length);
    body.put_slice(&packed);
    (body.len() < entry.body.len()).then(|| frame(&entry.meta, ZSTD, &body))
}

fn frame(meta: &Meta, codec: u8, body: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(HEADER_BYTES + body.len());
    bytes.put_slice(&MAGIC);
    bytes.put_u8(FORMAT);
    bytes.put_u8(meta.flags.to_bits());
    bytes.put_u8(codec);
    bytes.put_u16_le(meta.class);
    bytes.put_u32_le(SCHEMA);
    bytes.put_u64_le(meta.version.to_bits());
    for at in [meta.data_at, meta.fetched_at, meta.fresh_until, meta.usable_until] {
        bytes.put_i64_le(at.as_millis());
    }
    bytes.put_u64_le(u64::try_from(meta.load.as_nanos()).unwrap_or(u64::MAX));
    bytes.put_u32_le(meta.cost_milli);
    bytes.put_u32_le(u32::try_from(body.len()).unwrap_or(u32::MAX));
    let sum = checksum(&bytes, body);
    bytes.put_u64_le(sum);
    bytes.put_slice(body);
    bytes.freeze()
}

pub(super) fn decode(mut bytes: Bytes) -> Result<Entry, DecodeError> {
    if bytes.len() < HEADER_BYTES || bytes[..3] != MAGIC {
        return Err(if bytes.starts_with(&MAGIC) {
            DecodeError::Length
        } else {
            DecodeError::Foreign
        });
    }
    if bytes[3] != FORMAT {
        return Err(DecodeError::Format(bytes[3]));
    }
    let body = bytes.split_off(HEADER_BYTES);
    let sum = checksum(&bytes[..CHECKED_BYTES], &body);
    let mut header = bytes;
    header.advance(MAGIC.len() + 1);
    let read = read_header(&mut header);
    if read.n_body != body.len() || body.len() > BODY_BYTES_MAX {
        return Err(DecodeError::Length);
    }
    if header.get_u64_le() != sum {
        return Err(DecodeError::Checksum);
    }
    if read.schema != SCHEMA {
        return Err(DecodeError::Schema(read.schema));
    }
    let body = match read.codec {
        RAW => body,
        ZSTD => decompress(body)?,
        other => return Err(DecodeError::Codec(other)),
    };
    Ok(Entry { body, meta: read.meta })
}

fn decompress(mut packed: Bytes) -> Result<Bytes, DecodeError> {
    if packed.len() < LENGTH_BYTES {
        return Err(DecodeError::Compressed);
    }
    let length = usize::try_from(packed.get_u32_le()).unwrap_or(usize::MAX);
    if length > BODY_BYTES_MAX {
        return Err(DecodeError::Compressed);
    }
    // No more than that is ever allocated, whatever the frame claims.
    let body = zstd::bulk::decompress(&packed, length).map_err(|_| DecodeError::Compressed)?;
    if body.len() == length { Ok(body.into()) } else { Err(DecodeError::Compressed) }
}

struct Header {
    schema: u32,
    codec: u8,
    n_body: usize,
    meta: Meta,
}

/// The caller has made sure that all of the header is there.
fn read_header(header: &mut Bytes) -> Header {
    let flags = Flags::from_bits(header.get_u8());
    let codec = header.get_u8();
    let class = header.get_u16_le();
    let schema = header.get_u32_le();
    let meta = Meta {
        version: Version::from_bits(header.get_u64_le()),
        data_at: Timestamp::from_millis(header.get_i64_le()),
        fetched_at: Timestamp::from_millis(header.get_i64_le()),
        fresh_until: Timestamp::from_millis(header.get_i64_le()),
        usable_until: Timestamp::from_millis(header.get_i64_le()),
        load: Duration::from_nanos(header.get_u64_le()),
        cost_milli: header.get_u32_le(),
        class,
        flags,
    };
    let n_body = usize::try_from(header.get_u32_le()).unwrap_or(usize::MAX);
    Header { schema, codec, n_body, meta }
}

fn checksum(header: &[u8], body: &[u8]) -> u64 {
    let mut hasher = Xxh3Default::new();
    hasher.update(header);
    hasher.update(body);
    hasher.digest()
}
