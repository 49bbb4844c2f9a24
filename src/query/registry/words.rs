//! The words of closed lists, asked of the code points themselves, so that no list here can fall behind.

use crate::stream::Direction;
use crate::wire::aggregate::TimeOrder;
use crate::wire::audio::{AacPacket, SoundFormat};
use crate::wire::code::MessageType;
use crate::wire::codec::{Family, UnitType};
use crate::wire::control::{Control, LimitType};
use crate::wire::enhanced::{AudioPacket, Multitrack, VideoPacket};
use crate::wire::fourcc::FourCc;
use crate::wire::shared_object::EventType;
use crate::wire::user::EventCode;
use crate::wire::video::{AvcPacket, VideoCodec};

type Words = Vec<&'static str>;

pub(super) fn dir() -> Words {
    Direction::BOTH.iter().map(|dir| dir.name()).collect()
}

pub(super) fn kind() -> Words {
    once((0..=255).map(|id| MessageType(id).kind().name()))
}

pub(super) fn control_op() -> Words {
    let controls = [
        Control::SetChunkSize { value: 0 },
        Control::Abort { csid: 0 },
        Control::Acknowledgement { sequence: 0 },
        Control::WindowAckSize { size: 0 },
        Control::SetPeerBandwidth { size: 0, limit: None },
    ];
    controls.iter().map(Control::op).collect()
}

pub(super) fn control_limit() -> Words {
    once((0..=255).filter_map(|n| LimitType(n).word()))
}

pub(super) fn user_control_name() -> Words {
    once((0..=u16::MAX).filter_map(|n| EventCode(n).word()))
}

pub(super) fn shared_event() -> Words {
    once((0..=255).filter_map(|n| EventType(n).word()))
}

pub(super) fn time_order() -> Words {
    vec![TimeOrder::Flv.word(), TimeOrder::Plain.word()]
}

pub(super) fn multitrack() -> Words {
    once((0..=255).filter_map(|n| Multitrack(n).word()))
}

pub(super) fn audio_codec() -> Words {
    once((0..=255).filter_map(|n| SoundFormat(n).word()).chain(fourccs(FourCc::AUDIO)))
}

pub(super) fn audio_packet() -> Words {
    let enhanced = (0..=255).filter_map(|n| AudioPacket(n).word());
    once((0..=255).filter_map(|n| AacPacket(n).word()).chain(enhanced))
}

pub(super) fn video_codec() -> Words {
    once((0..=255).filter_map(|n| VideoCodec(n).word()).chain(fourccs(FourCc::VIDEO)))
}

pub(super) fn video_packet() -> Words {
    let enhanced = (0..=255).filter_map(|n| VideoPacket(n).word());
    once((0..=255).filter_map(|n| AvcPacket(n).word()).chain(enhanced))
}

pub(super) fn nal() -> Words {
    let families = [Family::Avc, Family::Hevc, Family::Vvc, Family::Av1];
    let types = families.iter().flat_map(|&family| (0..=255).map(move |number| UnitType { family, number }));
    once(types.filter_map(UnitType::word).chain(["reserved"]))
}

fn fourccs(codes: &'static [FourCc]) -> impl Iterator<Item = &'static str> {
    codes.iter().filter_map(|code| code.word())
}

/// Each word once, in the order of its first appearance.
fn once(words: impl Iterator<Item = &'static str>) -> Words {
    let mut found = Words::new();
    for word in words {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}
