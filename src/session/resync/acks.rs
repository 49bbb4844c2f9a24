//! Acknowledgements whose headers leave all out: the only messages of many players while they play. Each is one byte of
//! header and a number a little above the one before, which few other bytes are.

use crate::wire::chunk::BasicHeader;

/// The chunk stream of control messages.
const CONTROL: u32 = 2;

/// The header of such a message: it says that it is on the chunk stream of control messages and nothing else.
pub(super) const HEADER: u8 = 0xc0 | CONTROL as u8;

/// Bytes between two acknowledgements, at most: windows are a few megabytes.
const LARGEST_WINDOW: u32 = 1 << 24;

/// Evidence in one of them, at most: something else may count, too.
const MOST_BITS: u32 = 16;

/// The number in what may be the first of them.
pub(super) fn first(header: BasicHeader, body: &[u8]) -> Option<u32> {
    number(body).filter(|_| (header.fmt, header.csid) == (3, CONTROL))
}

/// The number in the next one, and the evidence in it.
pub(super) fn next(before: u32, body: &[u8]) -> Option<(u32, u32)> {
    let number = number(body)?;
    let window = number.wrapping_sub(before);
    (1..=LARGEST_WINDOW).contains(&window).then(|| (number, window.leading_zeros().min(MOST_BITS)))
}

fn number(body: &[u8]) -> Option<u32> {
    body.first_chunk().map(|word| u32::from_be_bytes(*word))
}
