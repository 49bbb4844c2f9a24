//! The values of data messages other than `onMetaData`.

use crate::field::{Field, Unit, fields};
use crate::wire::command::info;

/// Fields of the values of data messages.
pub mod f {
    use super::*;
    fields! {
        /// Audio access.
        AUDIO_ACCESS = Field::new("audio_access", "true when decoded sound may be looked at");
        /// Video access.
        VIDEO_ACCESS = Field::new("video_access", "true when decoded pictures may be looked at");
        /// Play status.
        PLAY_STATUS = Field::new("play_status", "what happened")
            .members(&[&info::f::LEVEL, &info::f::CODE, &info::f::DESCRIPTION, &info::f::DETAILS, &DURATION, &BYTES]);
        /// Duration of what was played.
        DURATION = Field::new("duration", "length of what was played");
        /// Bytes of what was played.
        BYTES = Field::new("bytes", "size of what was played").unit(Unit::Bytes);
        /// Cue point.
        CUE_POINT = Field::new("cue_point", "a named point in time").members(&[&NAME, &TIME, &CUE_TYPE, &PARAMETERS]);
        /// Name of a cue point.
        NAME = Field::new("name", "name of the point");
        /// Time of a cue point.
        TIME = Field::new("time", "when it is");
        /// Type of a cue point.
        CUE_TYPE = Field::new("type", "what it is for: event, navigation or actionscript");
        /// Parameters of a cue point.
        PARAMETERS = Field::new("parameters", "whatever the author added");
        /// Text data.
        TEXT_DATA = Field::new("text_data", "text for this point in time")
            .members(&[&TEXT_TYPE, &TEXT, &LANGUAGE, &TRACK_ID]);
        /// Type of text data.
        TEXT_TYPE = Field::new("type", "kind of text");
        /// Text.
        TEXT = Field::new("text", "the text");
        /// Language.
        LANGUAGE = Field::new("language", "language of the text");
        /// Track.
        TRACK_ID = Field::new("trackid", "track that it belongs to");
        /// Caption.
        CAPTION = Field::new("caption", "a caption").members(&[&CAPTION_TYPE, &CAPTION_DATA]);
        /// Type of a caption.
        CAPTION_TYPE = Field::new("type", "708 or UTF8").texts(explain_caption);
        /// Data of a caption.
        CAPTION_DATA = Field::new("data", "the caption");
        /// Frame information.
        FRAME_INFO = Field::new("frame_info", "clocks of the encoder").members(&[&TIME_CODE, &DATE, &CLOCK]);
        /// Time code.
        TIME_CODE = Field::new("tc", "time code, hh:mm:ss:ff");
        /// Date.
        DATE = Field::new("sd", "date of the encoder, dd-mm-yy");
        /// Time of day.
        CLOCK = Field::new("st", "time of the encoder, hh:mm:ss.ms");
        /// XMP.
        XMP = Field::new("xmp_data", "metadata in XMP form").members(&[&LIVE_XML]);
        /// XMP document.
        LIVE_XML = Field::new("liveXML", "the XMP document");
        /// Image.
        IMAGE = Field::new("image_data", "a picture beside the stream").members(&[&IMAGE_BYTES, &TRACK_ID]);
        /// Bytes of an image.
        IMAGE_BYTES = Field::new("data", "the bytes of the picture");
        /// Extension.
        EXTENSION = Field::new("extension_info", "data of an extension; no public description exists");
        /// Additional header.
        ADDITIONAL_HEADER = Field::new("additional_header", "facts about the whole file").members(&[&ENCRYPTION]);
        /// Encryption.
        ENCRYPTION = Field::new("Encryption", "how the file is encrypted")
            .members(&[&ENCRYPTION_VERSION, &METHOD, &FLAGS, &PARAMS]);
        /// Version of the encryption.
        ENCRYPTION_VERSION = Field::new("Version", "1 or 2");
        /// Method.
        METHOD = Field::new("Method", "Standard");
        /// Flags.
        FLAGS = Field::new("Flags", "0");
        /// Parameters.
        PARAMS = Field::new("Params", "parameters of the encryption");
    }
}

fn explain_caption(kind: &[u8]) -> Option<&'static str> {
    Some(match kind {
        b"708" => "data is the caption payload of a video SEI message in base64",
        b"UTF8" => "data is text",
        _ => return None,
    })
}
