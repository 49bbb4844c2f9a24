//! What the configurations of all video codecs say about pictures: size, sampling, shape, rate, colour.

use crate::field::{Content, Field, Unit, fields};

/// How pictures look, from a sequence parameter set or a sequence header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    /// Width that is shown, after cropping.
    pub width: u32,
    /// Height that is shown, after cropping.
    pub height: u32,
    /// Width that is coded.
    pub coded_width: u32,
    /// Height that is coded.
    pub coded_height: u32,
    /// How colour is sampled.
    pub chroma: Chroma,
    /// Bits of a luma sample.
    pub bit_depth: u8,
    /// Width and height of a sample, if they are said.
    pub sar: Option<(u16, u16)>,
    /// Pictures a second, if they are said.
    pub rate: Option<Rate>,
    /// True when pictures may be made of fields.
    pub interlaced: bool,
    /// Which colours the samples mean, if it is said.
    pub colour: Option<Colour>,
}

impl Picture {
    /// Of a size that is shown and one that is coded, as far as that tells.
    pub(super) fn of_size(shown: (u32, u32), coded: (u32, u32), chroma: Chroma, bit_depth: u8) -> Picture {
        Picture {
            width: shown.0,
            height: shown.1,
            coded_width: coded.0,
            coded_height: coded.1,
            chroma,
            bit_depth,
            sar: None,
            rate: None,
            interlaced: false,
            colour: None,
        }
    }
}

/// Pictures a second as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Pictures.
    pub pictures: u32,
    /// In so many seconds.
    pub seconds: u64,
}

/// Chroma format: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chroma(pub u8);

/// Numbers of ITU-T H.273.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Colour primaries.
    pub primaries: u8,
    /// Transfer characteristics.
    pub transfer: u8,
    /// Matrix coefficients.
    pub matrix: u8,
    /// True when samples use their full range.
    pub full_range: bool,
}

impl Colour {
    /// Name of the primaries.
    pub fn primaries_name(self) -> Option<&'static str> {
        primaries_name(u64::from(self.primaries))
    }

    /// Name of the transfer characteristics.
    pub fn transfer_name(self) -> Option<&'static str> {
        transfer_name(u64::from(self.transfer))
    }

    /// Name of the matrix coefficients.
    pub fn matrix_name(self) -> Option<&'static str> {
        matrix_name(u64::from(self.matrix))
    }
}

/// How picture timing messages are laid out; a sequence parameter set says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Bits of the two delays, if they are there.
    pub delays: Option<(u8, u8)>,
    /// Bits of a time offset.
    pub time_offset: u8,
    /// True when the structure of the picture and its clock times are there.
    pub structure: bool,
    /// Bits of the delays in buffering periods.
    pub initial_delay: u8,
    /// Buffers that buffering periods tell of: for the whole stream, and for the slices alone.
    pub buffers: [u8; 2],
    /// How delays of parts of pictures are told, if parts are decoded on their own (HEVC).
    pub parts: Option<Parts>,
}

/// How delays of parts of HEVC pictures are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Bits of the delay from part to part.
    pub removal: u8,
    /// Bits of the delay before pictures are shown.
    pub output: u8,
    /// Picture timing messages tell the delays of parts.
    pub in_picture_timing: bool,
}

impl Default for Timing {
    fn default() -> Timing {
        // Where nobody says how long a time offset is, it has 24 bits (H.264 annex E.2.2).
        Timing { delays: None, time_offset: 24, structure: false, initial_delay: 0, buffers: [0; 2], parts: None }
    }
}

impl Rate {
    /// A rate, unless one of the numbers is 0.
    pub fn new(pictures: u32, seconds: u64) -> Option<Rate> {
        (pictures > 0 && seconds > 0).then_some(Rate { pictures, seconds })
    }

    /// The rate as a number.
    pub fn per_second(self) -> f64 {
        f64::from(self.pictures) / self.seconds as f64
    }
}

impl Chroma {
    /// The format for people and for JSON.
    pub fn name(self) -> Option<&'static str> {
        chroma_name(u64::from(self.0))
    }

    /// Luma samples per chroma sample, across and down.
    pub(super) fn step(self) -> (u32, u32) {
        match self.0 {
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        }
    }
}

/// The size after cropping, or nothing when nothing would be left.
pub(super) fn cropped(size: (u32, u32), unit: (u32, u32), crop: [u32; 4]) -> Option<(u32, u32)> {
    let [left, right, top, bottom] = crop.map(u64::from);
    let one = |size: u32, unit: u32, cut: u64| {
        u64::from(size).checked_sub(u64::from(unit) * cut).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
    };
    Some((one(size.0, unit.0, left + right)?, one(size.1, unit.1, top + bottom)?))
}

/// Levels as numbers in tenths, such as 31 for `3.1`.
pub(super) fn level_name(tenths: u64) -> Option<&'static str> {
    let (major, minor) = ((tenths / 10).checked_sub(1)?, tenths % 10);
    LEVELS.get(usize::try_from(major).ok()?)?.get(minor as usize).copied()
}

const LEVELS: [[&str; 10]; 9] = [
    ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9"],
    ["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9"],
    ["3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9"],
    ["4.0", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9"],
    ["5.0", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9"],
    ["6.0", "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "6.9"],
    ["7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "7.9"],
    ["8.0", "8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", "8.8", "8.9"],
    ["9.0", "9.1", "9.2", "9.3", "9.4", "9.5", "9.6", "9.7", "9.8", "9.9"],
];

/// The name of a chroma format.
pub(super) fn chroma_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "monochrome",
        1 => "4:2:0",
        2 => "4:2:2",
        3 => "4:4:4",
        _ => return None,
    })
}

/// The shape of a sample by its number.
pub(super) fn sample_shape(number: u64) -> Option<(u16, u16)> {
    SHAPES.get(usize::try_from(number).ok()?).map(|(w, h, _)| (*w, *h)).filter(|(w, _)| *w > 0)
}

/// The name of the shape of a sample.
pub(super) fn sample_shape_name(number: u64) -> Option<&'static str> {
    if number == 255 {
        return Some("said in numbers");
    }
    SHAPES.get(usize::try_from(number).ok()?).map(|s| s.2)
}

const SHAPES: [(u16, u16, &str); 17] = [
    (0, 0, "unspecified"),
    (1, 1, "1:1"),
    (12, 11, "12:11"),
    (10, 11, "10:11"),
    (16, 11, "16:11"),
    (40, 33, "40:33"),
    (24, 11, "24:11"),
    (20, 11, "20:11"),
    (32, 11, "32:11"),
    (80, 33, "80:33"),
    (18, 11, "18:11"),
    (15, 11, "15:11"),
    (64, 33, "64:33"),
    (160, 99, "160:99"),
    (4, 3, "4:3"),
    (3, 2, "3:2"),
    (2, 1, "2:1"),
];

/// Colour primaries of H.273.
pub fn primaries_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "reserved",
        1 => "BT.709",
        2 => "unspecified",
        4 => "BT.470 M",
        5 => "BT.470 BG / BT.601 625",
        6 => "BT.601 525 / SMPTE 170M",
        7 => "SMPTE 240M",
        8 => "film",
        9 => "BT.2020",
        10 => "SMPTE ST 428 (XYZ)",
        11 => "SMPTE RP 431 (DCI-P3)",
        12 => "SMPTE EG 432 (P3-D65)",
        22 => "EBU 3213",
        _ => return None,
    })
}

/// Transfer characteristics of H.273.
pub fn transfer_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "reserved",
        1 => "BT.709",
        2 => "unspecified",
        4 => "gamma 2.2",
        5 => "gamma 2.8",
        6 => "BT.601",
        7 => "SMPTE 240M",
        8 => "linear",
        9 => "log 100:1",
        10 => "log 316:1",
        11 => "IEC 61966-2-4",
        12 => "BT.1361",
        13 => "sRGB (IEC 61966-2-1)",
        14 => "BT.2020 10 bit",
        15 => "BT.2020 12 bit",
        16 => "PQ (ST 2084)",
        17 => "ST 428",
        18 => "HLG",
        _ => return None,
    })
}

/// Matrix coefficients of H.273.
pub fn matrix_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "identity (GBR)",
        1 => "BT.709",
        2 => "unspecified",
        4 => "FCC",
        5 => "BT.470 BG",
        6 => "SMPTE 170M",
        7 => "SMPTE 240M",
        8 => "YCgCo",
        9 => "BT.2020 non-constant",
        10 => "BT.2020 constant",
        11 => "SMPTE 2085",
        12 => "chromaticity-derived non-constant",
        13 => "chromaticity-derived constant",
        14 => "ICtCp",
        _ => return None,
    })
}

/// What is computed from a configuration, and fields that several codecs share.
pub mod f {
    use super::*;
    fields! {
        /// Width shown.
        WIDTH = Field::new("width", "width that is shown").unit(Unit::Pixels);
        /// Height shown.
        HEIGHT = Field::new("height", "height that is shown").unit(Unit::Pixels);
        /// Pictures a second.
        FRAME_RATE = Field::new("frame_rate", "pictures a second, from the timing information")
            .unit(Unit::FramesPerSecond);
        /// Bits of a luma sample.
        BIT_DEPTH = Field::new("bit_depth", "bits of a luma sample").unit(Unit::Bits);
        /// Chroma format of a record.
        CHROMA_FORMAT = Field::new("chroma_format", "how colour is sampled").numbers(chroma_name);
        /// Chroma format of a parameter set.
        CHROMA_FORMAT_IDC = Field::new("chroma_format_idc", "how colour is sampled").numbers(chroma_name);
        /// Bits of a luma sample.
        BIT_DEPTH_LUMA = Field::new("bit_depth_luma_minus8", "bits of a luma sample, minus 8").unit(Unit::Bits);
        /// Bits of a chroma sample.
        BIT_DEPTH_CHROMA = Field::new("bit_depth_chroma_minus8", "bits of a chroma sample, minus 8").unit(Unit::Bits);
        /// Profile.
        PROFILE = Field::new("profile", "tools that the stream may use");
        /// Level.
        LEVEL = Field::new("level", "how much work decoding may be");
        /// Reserved bits.
        RESERVED = Field::new("reserved", "bits without a meaning");
        /// Bytes after a record.
        AFTER_RECORD = Field::new("after_record", "bytes after the end of the record").content(Content::Undescribed);
        /// Colour primaries.
        PRIMARIES = Field::new("colour_primaries", "which colours red, green and blue are").numbers(primaries_name);
        /// Transfer characteristics.
        TRANSFER = Field::new("transfer_characteristics", "how light becomes numbers").numbers(transfer_name);
        /// Matrix coefficients.
        MATRIX = Field::new("matrix_coefficients", "how luma and chroma are made from the colours").numbers(matrix_name);
        /// Range.
        FULL_RANGE = Field::new("full_range", "samples use their full range");
    }
}
