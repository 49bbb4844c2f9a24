//! Recordings as pcapng: sections, interfaces and packets (draft-ietf-opsawg-pcapng), appended to a buffer.
//!
//! What a relay carried has no frames of its own, so [`Tcp`] makes them: Ethernet, IP and TCP with true addresses,
//! sequence numbers and checksums, and says so in the options of the file.

mod checksum;
mod tcp;

pub use tcp::Tcp;

use crate::time::Time;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
const ETHERNET: u16 = 1;
/// No packet is longer.
const SNAPLEN: u32 = 1 << 18;

const COMMENT: u16 = 1;
const USER_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_DESCRIPTION: u16 = 3;
const TIME_RESOLUTION: u16 = 9;

/// Begins a file: a section and its only interface, with a comment that says how the packets were made.
pub fn head(out: &mut Vec<u8>, comment: &str) {
    block(out, SECTION, |out| {
        out.extend_from_slice(&BYTE_ORDER.to_le_bytes());
        out.extend_from_slice(&1u16.to_le_bytes());
        out.extend_from_slice(&0u16.to_le_bytes());
        // Nobody knows how long a section will be while it is written.
        out.extend_from_slice(&u64::MAX.to_le_bytes());
        option(out, COMMENT, comment.as_bytes());
        option(out, USER_APPLICATION, concat!("rtmpscope ", env!("CARGO_PKG_VERSION")).as_bytes());
        end_of_options(out);
    });
    block(out, INTERFACE, |out| {
        out.extend_from_slice(&ETHERNET.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(&SNAPLEN.to_le_bytes());
        option(out, INTERFACE_NAME, b"rtmpscope");
        let made = "packets made from relayed bytes: addresses, order and times are true, segmentation is not";
        option(out, INTERFACE_DESCRIPTION, made.as_bytes());
        // Nanoseconds.
        option(out, TIME_RESOLUTION, &[9]);
        end_of_options(out);
    });
}

/// A packet made of headers and a payload.
fn packet(out: &mut Vec<u8>, time: Time, headers: &[u8], payload: &[u8], comment: Option<&str>) {
    let length = (headers.len() + payload.len()) as u32;
    block(out, ENHANCED_PACKET, |out| {
        let nanoseconds = time.0.max(0) as u64;
        let words = [0, (nanoseconds >> 32) as u32, nanoseconds as u32, length, length];
        words.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        out.extend_from_slice(headers);
        out.extend_from_slice(payload);
        pad(out, length as usize);
        if let Some(comment) = comment {
            option(out, COMMENT, comment.as_bytes());
            end_of_options(out);
        }
    });
}

/// A block around a body that is a multiple of four bytes long.
fn block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    body(out);
    let length = ((out.len() - start + 4) as u32).to_le_bytes();
    out.extend_from_slice(&length);
    if let Some(place) = out.get_mut(start + 4..start + 8) {
        place.copy_from_slice(&length);
    }
}

fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    // An option's length has sixteen bits.
    let value = value.get(..usize::from(u16::MAX)).unwrap_or(value);
    out.extend_from_slice(&code.to_le_bytes());
    out.extend_from_slice(&(value.len() as u16).to_le_bytes());
    out.extend_from_slice(value);
    pad(out, value.len());
}

fn end_of_options(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0; 4]);
}

fn pad(out: &mut Vec<u8>, length: usize) {
    out.extend(std::iter::repeat_n(0, length.next_multiple_of(4) - length));
}
