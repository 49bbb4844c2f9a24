//! FourCC codes of Enhanced RTMP: four characters that name a codec.

use std::fmt;

/// A FourCC; unknown ones are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FourCc(pub [u8; 4]);

impl FourCc {
    /// The known codecs for pictures.
    pub const VIDEO: &'static [FourCc] =
        &[FourCc(*b"av01"), FourCc(*b"vp09"), FourCc(*b"vp08"), FourCc(*b"hvc1"), FourCc(*b"avc1"), FourCc(*b"vvc1")];

    /// The known codecs for sound.
    pub const AUDIO: &'static [FourCc] =
        &[FourCc(*b"ac-3"), FourCc(*b"ec-3"), FourCc(*b"Opus"), FourCc(*b".mp3"), FourCc(*b"fLaC"), FourCc(*b"mp4a")];

    /// The code as a number, as metadata has it.
    pub fn from_number(number: u32) -> FourCc {
        FourCc(number.to_be_bytes())
    }

    /// The number.
    pub fn number(self) -> u32 {
        u32::from_be_bytes(self.0)
    }

    /// The name of the codec for people.
    pub fn name(self) -> Option<&'static str> {
        CODECS.iter().find(|c| *c.0 == self.0).map(|c| c.2)
    }

    /// The codec as a JSON word; the same words as for legacy codec numbers.
    pub fn word(self) -> Option<&'static str> {
        CODECS.iter().find(|c| *c.0 == self.0).map(|c| c.1)
    }
}

impl fmt::Debug for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

/// FourCC, word for JSON, name for people.
const CODECS: [(&[u8; 4], &str, &str); 12] = [
    (b"av01", "av1", "AV1"),
    (b"vp09", "vp9", "VP9"),
    (b"vp08", "vp8", "VP8"),
    (b"hvc1", "hevc", "HEVC (H.265)"),
    (b"avc1", "avc", "AVC (H.264)"),
    (b"vvc1", "vvc", "VVC (H.266)"),
    (b"ac-3", "ac3", "AC-3"),
    (b"ec-3", "eac3", "E-AC-3"),
    (b"Opus", "opus", "Opus"),
    (b".mp3", "mp3", "MP3"),
    (b"fLaC", "flac", "FLAC"),
    (b"mp4a", "aac", "AAC"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the protocol page.
    #[test]
    fn codes_as_numbers() {
        for (code, number) in [
            (b"av01", 1_635_135_537),
            (b"hvc1", 1_752_589_105),
            (b"vp09", 1_987_063_865),
            (b"vvc1", 1_987_470_129),
            (b"avc1", 1_635_148_593),
            (b"vp08", 1_987_063_864),
            (b"Opus", 1_332_770_163),
            (b"fLaC", 1_716_281_667),
            (b"ac-3", 1_633_889_587),
            (b"ec-3", 1_700_998_451),
            (b"mp4a", 1_836_069_985),
            (b".mp3", 778_924_083),
        ] {
            assert_eq!(FourCc::from_number(number), FourCc(*code));
            assert_eq!(FourCc(*code).number(), number);
            assert!(FourCc(*code).name().is_some());
        }
        assert_eq!(FourCc(*b"xxxx").word(), None);
        let listed: Vec<[u8; 4]> = [FourCc::VIDEO, FourCc::AUDIO].concat().iter().map(|code| code.0).collect();
        assert_eq!(listed, CODECS.map(|codec| *codec.0));
        assert_eq!(format!("{:?}", FourCc(*b".mp3")), ".mp3");
    }
}
