//! Enhanced RTMP headers of audio and video messages: Enhanced RTMP v2 (2026-01-31), sections on ExAudioTagHeader and
//! ExVideoTagHeader.
//!
//! A header is read in this order: byte 0; ModEx as long as the packet type says so; for video the command of a command
//! frame, which ends the message; the multitrack byte; the FourCC, unless each track has its own; then the body, or one
//! body per track. Refuses to know what a codec's bytes mean: [`payload`] is where those decoders plug in.

use crate::field::{Annotate, Fault, Field, Reader};

use super::body::Extent;
use super::fourcc::FourCc;

mod audio;
pub mod channels;
pub mod colour;
mod fields;
mod mod_ex;
mod packet;
pub mod payload;
mod tracks;
pub mod transport;
mod video;
pub use audio::EnhancedAudio;
pub use fields::f;
pub use mod_ex::ModExType;
pub use packet::{AudioPacket, VideoPacket};
pub use tracks::{Multitrack, Tracks};
pub use video::EnhancedVideo;

/// What the headers of audio and video have in common; `P` is the packet type of the medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<P> {
    /// What byte 0 says; may be ModEx or Multitrack.
    pub first: P,
    /// What the message carries in the end, after ModEx and Multitrack.
    pub packet: P,
    /// The codec; that of the first track, when each track has its own.
    pub fourcc: Option<FourCc>,
    /// Nanoseconds to add to the timestamp of the message.
    pub nano_offset: Option<u32>,
    /// Which tracks the message carries, when it says so; otherwise it carries track 0.
    pub tracks: Option<Tracks>,
}

impl<P: Copy> Header<P> {
    fn new(packet: P) -> Header<P> {
        Header { first: packet, packet, fourcc: None, nano_offset: None, tracks: None }
    }
}

/// The packet type of a medium, as far as the parts that both media share need to know it.
trait Packet: Copy + Eq {
    /// The field of the packet type.
    const FIELD: &'static Field;
    /// The field of the packet type of all tracks.
    const TRACKS_FIELD: &'static Field;
    const MULTITRACK: Self;
    const MOD_EX: Self;

    fn new(number: u64) -> Self;
    fn is_reserved(self) -> bool;
}

/// Reads what follows ModEx, calling `body` for the body of each track, or for the one body of the message.
#[inline]
fn rest<'a, A: Annotate, P: Packet>(
    r: &mut Reader<'a, A>,
    extent: Extent,
    header: &mut Header<P>,
    mut body: impl FnMut(&mut Reader<'a, A>, P, FourCc) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let packet = header.packet;
    if packet == P::MULTITRACK {
        return tracks::read(r, extent, header, body);
    }
    if packet.is_reserved() {
        r.remark(1, "a reserved packet type");
        // Whether a FourCC follows is not defined either; one that is known is no coincidence.
        if r.peek().first_chunk().is_some_and(|code| FourCc(*code).name().is_some()) {
            header.fourcc = Some(fourcc(r)?);
        }
        r.rest(&f::RESERVED_BODY);
        return Ok(());
    }
    let code = fourcc(r)?;
    header.fourcc = Some(code);
    body(r, packet, code)
}

#[inline]
fn fourcc<A: Annotate>(r: &mut Reader<'_, A>) -> Result<FourCc, Fault> {
    let code = r.text(&f::FOURCC, 4)?.first_chunk().copied();
    Ok(FourCc(code.unwrap_or_default()))
}

/// Why bytes that belong to a body are not explained when only its beginning is there.
const NOT_KEPT: &str = "the rest of the body is not there";

#[cfg(test)]
mod tests;
