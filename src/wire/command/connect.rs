//! The objects of `connect` and its answer: RTMP 1.0 section 7.2.1.1, Enhanced RTMP, and what implementations send.

use super::info;
use crate::field::{Field, Secrecy, fields};

/// Bits of `audioCodecs`.
const AUDIO_CODECS: &[(u64, &str)] = &[
    (0x0001, "raw"),
    (0x0002, "ADPCM"),
    (0x0004, "MP3"),
    (0x0008, "Intel (unused)"),
    (0x0010, "unused"),
    (0x0020, "Nellymoser 8 kHz"),
    (0x0040, "Nellymoser"),
    (0x0080, "G.711 A-law"),
    (0x0100, "G.711 mu-law"),
    (0x0200, "Nellymoser 16 kHz"),
    (0x0400, "AAC"),
    (0x0800, "Speex"),
];

/// Bits of `videoCodecs`.
const VIDEO_CODECS: &[(u64, &str)] = &[
    (0x0001, "unused"),
    (0x0002, "JPEG"),
    (0x0004, "Sorenson H.263"),
    (0x0008, "Screen video"),
    (0x0010, "VP6"),
    (0x0020, "VP6 with alpha"),
    (0x0040, "Screen video 2"),
    (0x0080, "H.264"),
];

/// Bits of `videoFunction`.
const VIDEO_FUNCTION: &[(u64, &str)] = &[
    (0x0001, "client seek"),
    (0x0002, "client HDR"),
    (0x0004, "video packet type metadata"),
    (0x0008, "large scale tile"),
];

/// Bits of the values of the FourCC maps.
const CODEC_CAPS: &[(u64, &str)] = &[(0x01, "can decode"), (0x02, "can encode"), (0x04, "can forward")];

/// Bits of `capsEx`.
const CAPS_EX: &[(u64, &str)] =
    &[(0x01, "reconnect"), (0x02, "multitrack"), (0x04, "ModEx"), (0x08, "timestamp nano offset")];

/// Fields of the objects of `connect` and its answer.
pub mod f {
    use super::*;
    fields! {
        /// The command object of connect.
        CONNECT = Field::new("connect_object", "who connects, to what, and what it can do").members(&[
            &APP, &TYPE, &FLASH_VER, &FLASH_VER_LOWER, &SWF_URL, &TC_URL, &FPAD, &AUDIO_CODECS_MASK, &VIDEO_CODECS_MASK,
            &VIDEO_FUNCTION_MASK, &PAGE_URL, &OBJECT_ENCODING, &CAPABILITIES, &FOURCC_LIST, &VIDEO_FOURCC_MAP,
            &AUDIO_FOURCC_MAP, &CAPS_EX_MASK,
        ]);
        /// Application.
        APP = Field::new("app", "the application on the server; may hold an instance and a query").secret(Secrecy::Url);
        /// Type.
        TYPE = Field::new("type", "nonprivate when publishing");
        /// Client software.
        FLASH_VER = Field::new("flashVer", "name and version of the client software");
        /// Client software, as the specification prints it.
        FLASH_VER_LOWER = Field::new("flashver", "name and version of the client software, as the specification spells it");
        /// SWF.
        SWF_URL = Field::new("swfUrl", "URL of the SWF file that connects").secret(Secrecy::Url);
        /// Target.
        TC_URL = Field::new("tcUrl", "the whole URL without the stream name").secret(Secrecy::Url);
        /// Proxy.
        FPAD = Field::new("fpad", "true when a proxy is in use");
        /// Audio codecs.
        AUDIO_CODECS_MASK = Field::new("audioCodecs", "audio codecs that the client can play").mask(AUDIO_CODECS);
        /// Video codecs.
        VIDEO_CODECS_MASK = Field::new("videoCodecs", "video codecs that the client can play").mask(VIDEO_CODECS);
        /// Video functions.
        VIDEO_FUNCTION_MASK = Field::new("videoFunction", "special functions for video").mask(VIDEO_FUNCTION);
        /// Web page.
        PAGE_URL = Field::new("pageUrl", "URL of the web page that holds the player").secret(Secrecy::Url);
        /// AMF version.
        OBJECT_ENCODING = Field::new("objectEncoding", "which AMF may be used").numbers(encoding_name);
        /// Capabilities.
        CAPABILITIES = Field::new("capabilities", "a mask whose bits have no public meaning");
        /// FourCC list.
        FOURCC_LIST = Field::new("fourCcList", "FourCC codes of codecs that are supported; * for any");
        /// Video FourCC map.
        VIDEO_FOURCC_MAP = Field::new("videoFourCcInfoMap", "what can be done with each video codec, by FourCC; * for any")
            .others(&CODEC_CAPS_MASK);
        /// Audio FourCC map.
        AUDIO_FOURCC_MAP = Field::new("audioFourCcInfoMap", "what can be done with each audio codec, by FourCC; * for any")
            .others(&CODEC_CAPS_MASK);
        /// Value of a FourCC map.
        CODEC_CAPS_MASK = Field::new("codec_capabilities", "what can be done with this codec").mask(CODEC_CAPS);
        /// Extended capabilities.
        CAPS_EX_MASK = Field::new("capsEx", "which parts of Enhanced RTMP are supported").mask(CAPS_EX);
        /// The properties object of the answer.
        PROPERTIES = Field::new("properties", "what the server is and can do").members(&[
            &FMS_VER, &CAPABILITIES, &MODE, &FOURCC_LIST, &VIDEO_FOURCC_MAP, &AUDIO_FOURCC_MAP, &CAPS_EX_MASK,
            &VIDEO_FUNCTION_MASK,
        ]);
        /// Server software.
        FMS_VER = Field::new("fmsVer", "name and version of the server software");
        /// Mode.
        MODE = Field::new("mode", "1 in the answers seen");
        /// The info object of the answer.
        CONNECT_INFO = Field::new("connect_info", "whether the connection is granted, and why not").members(&[
            &info::f::LEVEL, &info::f::CODE, &CONNECT_DESCRIPTION, &OBJECT_ENCODING, &info::f::CLIENT_ID, &SERVER_DATA,
            &SECURE_TOKEN, &info::f::REDIRECT, &FOURCC_LIST, &VIDEO_FOURCC_MAP, &AUDIO_FOURCC_MAP, &CAPS_EX_MASK,
            &VIDEO_FUNCTION_MASK,
        ]);
        /// Description.
        CONNECT_DESCRIPTION = Field::new("description", "what happened, in words for people; asks for credentials in a query")
            .secret(Secrecy::Url);
        /// Data of the server.
        SERVER_DATA = Field::new("data", "more about the server").members(&[&SERVER_VERSION]);
        /// Version of the server.
        SERVER_VERSION = Field::new("version", "version of the server software");
        /// Secure token.
        SECURE_TOKEN = Field::new("secureToken", "a question that the client must answer").secret(Secrecy::Whole);
    }
}

fn encoding_name(encoding: u64) -> Option<&'static str> {
    Some(match encoding {
        0 => "AMF0",
        3 => "AMF3",
        _ => return None,
    })
}
