//! Audio messages with an Enhanced RTMP header.

use super::payload::{self, Payload};
use super::{AudioPacket, Header, channels, f, mod_ex, rest};
use crate::field::{Annotate, Fault, Reader};
use crate::wire::body::Extent;
use crate::wire::codec::audio::AudioConfig;
use crate::wire::fourcc::FourCc;

/// What an audio message says before its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnhancedAudio {
    /// Packet type, codec, tracks.
    pub header: Header<AudioPacket>,
    /// Number of channels, in a channel layout; that of the first track.
    pub channels: Option<u8>,
    /// What the codec said, in a configuration or in the header of a frame.
    pub config: Option<AudioConfig>,
}

impl EnhancedAudio {
    pub(in crate::wire) fn new(packet: AudioPacket) -> EnhancedAudio {
        EnhancedAudio { header: Header::new(packet), channels: None, config: None }
    }

    /// Reads what follows byte 0. After a fault, what was read until then is kept.
    #[inline]
    pub(in crate::wire) fn read<A: Annotate>(&mut self, r: &mut Reader<'_, A>, extent: Extent) -> Result<(), Fault> {
        let EnhancedAudio { header, channels, config } = self;
        if !mod_ex::read(r, extent, header)? {
            return Ok(());
        }
        rest(r, extent, header, |r, packet, fourcc| match packet {
            AudioPacket::SEQUENCE_START => payload::audio(r, fourcc, Payload::Configuration, extent, config),
            AudioPacket::CODED_FRAMES => payload::audio(r, fourcc, Payload::Coded, extent, config),
            AudioPacket::SEQUENCE_END => Ok(()),
            AudioPacket::MULTICHANNEL_CONFIG => channels::read(r, extent, channels),
            _ => {
                r.rest(&f::RESERVED_BODY);
                Ok(())
            }
        })
    }

    /// The codec as a JSON word.
    pub fn codec(&self) -> Option<&'static str> {
        self.header.fourcc.and_then(FourCc::word)
    }

    /// The codec for people.
    pub fn title(&self) -> Option<&'static str> {
        self.header.fourcc.and_then(FourCc::name)
    }

    /// True when the message configures the decoder and carries no sound.
    pub fn is_sequence_header(&self) -> bool {
        self.header.packet == AudioPacket::SEQUENCE_START
    }
}
