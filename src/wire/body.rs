//! Message bodies of every type: the one door through which the session and the explanation read them.

use crate::field::{Annotate, Content, Fault, Field, Reader, fields};

use super::aggregate::Aggregate;
use super::audio::Audio;
use super::code::{Kind, MessageType};
use super::codec;
use super::command::{Command, Known};
use super::control::Control;
use super::data::Data;
use super::shared_object::SharedObject;
use super::user::UserControl;
use super::video::Video;

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Types 1, 2, 3, 5 and 6.
    Control(Control),
    /// Type 4.
    UserControl(UserControl),
    /// Types 17 and 20.
    Command(Command),
    /// Types 15 and 18.
    Data(Data),
    /// Type 8.
    Audio(Audio),
    /// Type 9.
    Video(Video),
    /// Types 16 and 19.
    SharedObject(SharedObject),
    /// Type 22.
    Aggregate(Aggregate),
    /// Any other type, or a control message that is too short to say anything.
    Unknown,
}

impl Body {
    /// True for media messages that configure a decoder and carry no sound or picture.
    pub fn is_configuration(&self) -> bool {
        match self {
            Body::Audio(audio) => audio.is_sequence_header(),
            Body::Video(video) => video.is_sequence_header(),
            _ => false,
        }
    }
}

/// What the bytes of a body do not tell by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The call that a `_result` or `_error` answers, when that is known.
    pub reply_to: Option<&'static Known>,
    /// How much of the body the bytes are.
    pub extent: Extent,
    /// What earlier messages of the stream said that coded pictures need.
    pub codec: codec::Context,
}

/// Do the first two bytes of a media body say that it configures a decoder?
pub fn begins_configuration(ty: MessageType, [first, second]: [u8; 2]) -> bool {
    match (ty, first >> 4, first & 0x0f) {
        // AAC, and the Enhanced RTMP packet types for configurations, channel layouts and several tracks.
        (MessageType::AUDIO, 10, _) => second == 0,
        (MessageType::AUDIO, 9, packet) => matches!(packet, 0 | 4) || packet == 5 && matches!(second & 0x0f, 0 | 4),
        // The same for video, where metadata tells colours.
        (MessageType::VIDEO, 8.., packet) => matches!(packet, 0 | 4 | 5) || packet == 6 && second & 0x0f == 0,
        (MessageType::VIDEO, _, codec) => matches!(codec, 7 | 12..=15) && second == 0,
        _ => false,
    }
}

/// Do the first bytes of a media body of this length tell what the whole of it would tell? Not where they are a decoder
/// configuration, frames whose headers must agree with their length, or a picture of several units.
pub fn head_tells_all(ty: MessageType, head: &[u8], length: u32) -> bool {
    let extent = Extent::Beginning(length.saturating_sub(head.len() as u32));
    match read(&mut Reader::quiet(head), ty, Context { extent, ..Context::default() }) {
        (Body::Audio(audio), Ok(())) => audio.is_told_by_its_beginning(),
        (Body::Video(video), Ok(())) => video.is_told_by_its_beginning(),
        _ => false,
    }
}

/// How much of a body is there. A decoder of bulk must not take what was left out for a fault of the sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// Its first bytes only.
    Head,
    /// The same, and so many bytes are missing. Where all of them are the rest of one unit of a picture, that unit is
    /// read as far as it is there.
    Beginning(u32),
}

impl Extent {
    /// True when only the first bytes are there.
    pub fn is_head(self) -> bool {
        self != Extent::Whole
    }
}

/// Reads a body, or as many of its first bytes as there are. After a fault, what was read until then is returned with
/// it.
pub fn read<A: Annotate>(r: &mut Reader<'_, A>, ty: MessageType, context: Context) -> (Body, Result<(), Fault>) {
    match ty.kind() {
        Kind::Control => whole(Control::read(r, ty).map(Body::Control)),
        Kind::UserControl => whole(UserControl::read(r).map(Body::UserControl)),
        Kind::Command => {
            let (command, result) = Command::read(r, ty, context.reply_to);
            (Body::Command(command), result)
        }
        Kind::Data => {
            let (data, result) = Data::read(r, ty);
            (Body::Data(data), result)
        }
        Kind::Audio => {
            let (audio, result) = Audio::read_extent(r, context.extent);
            (Body::Audio(audio), result)
        }
        Kind::Video => {
            let (video, result) = Video::read_in(r, context);
            (Body::Video(video), result)
        }
        Kind::SharedObject => {
            let (object, result) = SharedObject::read(r, ty);
            (Body::SharedObject(object), result)
        }
        Kind::Aggregate => {
            let (aggregate, result) = Aggregate::read(r);
            (Body::Aggregate(aggregate), result)
        }
        Kind::Unknown => opaque(r, &f::UNKNOWN_BODY, Body::Unknown),
    }
}

fn whole(read: Result<Body, Fault>) -> (Body, Result<(), Fault>) {
    match read {
        Ok(body) => (body, Ok(())),
        Err(fault) => (Body::Unknown, Err(fault)),
    }
}

fn opaque<A: Annotate>(r: &mut Reader<'_, A>, field: &'static Field, body: Body) -> (Body, Result<(), Fault>) {
    r.rest(field);
    (body, Ok(()))
}

/// Fields of bodies that are not decoded.
pub mod f {
    use super::*;
    fields! {
        /// Unknown type.
        UNKNOWN_BODY = Field::new("unknown_body", "body of a message type without public description").content(Content::Undescribed);
    }
}

#[cfg(test)]
mod tests;
