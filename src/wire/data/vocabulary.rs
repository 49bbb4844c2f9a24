//! The handlers that are known, and what their values are.

use super::{events, metadata};
use crate::field::Field;
use crate::wire::command::info;

/// What is known about a handler.
#[derive(Debug)]
pub struct Handler {
    /// Its name on the wire.
    pub name: &'static str,
    /// One line that says what it is for.
    pub about: &'static str,
    /// Its values, in order.
    pub values: &'static [&'static Field],
}

/// What is known about the handler of this name. Any other name is legal, too.
pub fn handler(name: &[u8]) -> Option<&'static Handler> {
    HANDLERS.iter().find(|h| h.name.as_bytes() == name)
}

/// Every handler that is known.
pub static HANDLERS: &[Handler] = &[
    new("@setDataFrame", "the server keeps the values inside for players that join later", &[]),
    new("@clearDataFrame", "the server forgets values that it kept", &[]),
    new("onMetaData", "properties of the stream", &[&metadata::f::METADATA]),
    new(
        "|RtmpSampleAccess",
        "whether the player may look into decoded sound and pictures",
        &[&events::f::AUDIO_ACCESS, &events::f::VIDEO_ACCESS],
    ),
    new("onPlayStatus", "news about a playlist or a switch of bit rates", &[&events::f::PLAY_STATUS]),
    new("onStatus", "news about the stream", &[&info::f::STATUS_INFO]),
    new("onCuePoint", "a named point in time", &[&events::f::CUE_POINT]),
    new("onTextData", "text for this point in time, such as a subtitle", &[&events::f::TEXT_DATA]),
    new("onCaption", "a caption", &[&events::f::CAPTION]),
    new("onCaptionInfo", "a caption, as it stood in the video or as text", &[&events::f::CAPTION]),
    new("onFI", "time code, date and time of the encoder", &[&events::f::FRAME_INFO]),
    new("onXMPData", "metadata in XMP form", &[&events::f::XMP]),
    new("onImageData", "a picture beside the stream", &[&events::f::IMAGE]),
    new("onTwitchExtentionInfo", "data of a content network's extension", &[&events::f::EXTENSION]),
    new("|AdditionalHeader", "how the file is encrypted", &[&events::f::ADDITIONAL_HEADER]),
];

const fn new(name: &'static str, about: &'static str, values: &'static [&'static Field]) -> Handler {
    Handler { name, about, values }
}
