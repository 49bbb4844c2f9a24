//! The start of the video usability information, the same in the sequence parameter sets of AVC and HEVC.

use super::picture::{Colour, f as picture, sample_shape, sample_shape_name};
use crate::field::{Annotate, BitReader, Fault, Field, fields};

/// What the start of the video usability information says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looks {
    pub(super) sar: Option<(u16, u16)>,
    pub(super) colour: Option<Colour>,
}

/// Reads up to the place of chroma samples.
pub(super) fn looks<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<Looks, Fault> {
    let mut looks = Looks::default();
    if b.flag(&f::ASPECT_PRESENT)? {
        let shape = b.u(&f::ASPECT, 8)?;
        looks.sar = sample_shape(shape);
        if shape == 255 {
            let sar = (b.u(&f::SAR_WIDTH, 16)? as u16, b.u(&f::SAR_HEIGHT, 16)? as u16);
            looks.sar = (sar.0 > 0 && sar.1 > 0).then_some(sar);
        }
    }
    if b.flag(&f::OVERSCAN_PRESENT)? {
        b.flag(&f::OVERSCAN)?;
    }
    if b.flag(&f::SIGNAL_PRESENT)? {
        b.u(&f::VIDEO_FORMAT, 3)?;
        let full_range = b.flag(&picture::FULL_RANGE)?;
        let mut colour = Colour { primaries: 2, transfer: 2, matrix: 2, full_range };
        if b.flag(&f::COLOUR_PRESENT)? {
            colour.primaries = b.u(&picture::PRIMARIES, 8)? as u8;
            colour.transfer = b.u(&picture::TRANSFER, 8)? as u8;
            colour.matrix = b.u(&picture::MATRIX, 8)? as u8;
        }
        looks.colour = Some(colour);
    }
    if b.flag(&f::CHROMA_LOCATION_PRESENT)? {
        b.ue(&f::CHROMA_TOP)?;
        b.ue(&f::CHROMA_BOTTOM)?;
    }
    Ok(looks)
}

fn video_format_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "component",
        1 => "PAL",
        2 => "NTSC",
        3 => "SECAM",
        4 => "MAC",
        5 => "unspecified",
        _ => return None,
    })
}

/// Fields of the video usability information.
pub mod f {
    use super::*;
    fields! {
        /// The whole.
        VUI = Field::new("vui", "video usability information: how pictures are meant to be shown");
        /// Is the shape of samples there?
        ASPECT_PRESENT = Field::new("aspect_ratio_info_present_flag", "the shape of samples follows");
        /// Shape of samples.
        ASPECT = Field::new("aspect_ratio_idc", "width to height of a sample").numbers(sample_shape_name);
        /// Width of a sample.
        SAR_WIDTH = Field::new("sar_width", "width of a sample, in any unit");
        /// Height of a sample.
        SAR_HEIGHT = Field::new("sar_height", "height of a sample, in the same unit");
        /// Is overscan there?
        OVERSCAN_PRESENT = Field::new("overscan_info_present_flag", "a word on overscan follows");
        /// Overscan.
        OVERSCAN = Field::new("overscan_appropriate_flag", "screens may cut the edges");
        /// Is the video signal there?
        SIGNAL_PRESENT = Field::new("video_signal_type_present_flag", "format and colours follow");
        /// Video format.
        VIDEO_FORMAT = Field::new("video_format", "what the pictures were before coding").numbers(video_format_name);
        /// Are the colours there?
        COLOUR_PRESENT = Field::new("colour_description_present_flag", "the meaning of colours follows");
        /// Is the place of chroma samples there?
        CHROMA_LOCATION_PRESENT = Field::new("chroma_loc_info_present_flag", "places of chroma samples follow");
        /// Top field.
        CHROMA_TOP = Field::new("chroma_sample_loc_type_top_field", "where chroma samples lie in frames and top fields");
        /// Bottom field.
        CHROMA_BOTTOM = Field::new("chroma_sample_loc_type_bottom_field", "where chroma samples lie in bottom fields");
        /// Is timing there?
        TIMING_PRESENT = Field::new("timing_info_present_flag", "how long pictures last follows");
        /// Units in a tick.
        UNITS_IN_TICK = Field::new("num_units_in_tick", "units of the clock in one tick");
        /// Time scale.
        TIME_SCALE = Field::new("time_scale", "units of the clock in a second");
    }
}
