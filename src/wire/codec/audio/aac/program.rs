//! The program config element: channels that no channel configuration has a number for.

use super::tables::frequency_name;
use crate::field::{Annotate, BitReader, Fault, Field, Unit, fields};

/// Reads a program config element and returns the number of channels.
pub(super) fn element<A: Annotate>(b: &mut BitReader<'_, '_, A>) -> Result<u8, Fault> {
    b.u(&f::TAG, 4)?;
    b.u(&f::PROFILE, 2)?;
    b.u(&f::FREQUENCY_INDEX, 4)?;
    let front = b.u(&f::FRONT_COUNT, 4)?;
    let side = b.u(&f::SIDE_COUNT, 4)?;
    let back = b.u(&f::BACK_COUNT, 4)?;
    let low = b.u(&f::LOW_COUNT, 2)?;
    let data = b.u(&f::DATA_COUNT, 3)?;
    let coupling = b.u(&f::COUPLING_COUNT, 4)?;
    if b.flag(&f::MONO_MIX)? {
        b.u(&f::MONO_MIX_ELEMENT, 4)?;
    }
    if b.flag(&f::STEREO_MIX)? {
        b.u(&f::STEREO_MIX_ELEMENT, 4)?;
    }
    if b.flag(&f::MATRIX_MIX)? {
        b.u(&f::MATRIX_MIX_CODE, 3)?;
    }
    // At most 45 pairs and 3 low frequency channels.
    let mut channels = low as u8;
    for (field, count) in [(&f::FRONT, front), (&f::SIDE, side), (&f::BACK, back)] {
        for _ in 0..count {
            channels += b.group(field, |b| {
                let pair = b.flag(&f::PAIR)?;
                b.u(&f::ELEMENT, 4)?;
                Ok(1 + u8::from(pair))
            })?;
        }
    }
    for _ in 0..low {
        b.u(&f::LOW, 4)?;
    }
    for _ in 0..data {
        b.u(&f::DATA, 4)?;
    }
    for _ in 0..coupling {
        b.group(&f::COUPLING, |b| {
            b.flag(&f::SWITCHED)?;
            b.u(&f::ELEMENT, 4).map(drop)
        })?;
    }
    b.align(&super::f::PADDING)?;
    let comment = b.u(&f::COMMENT_LENGTH, 8)? as u32;
    b.text(&f::COMMENT, comment)?;
    Ok(channels)
}

/// Fields of a program config element.
pub mod f {
    use super::*;
    fields! {
        /// The whole element.
        PROGRAM_CONFIG = Field::new("program_config_element", "channels without a number of their own");
        /// Tag.
        TAG = Field::new("instance_tag", "which program it is");
        /// Object type.
        PROFILE = Field::new("program_object_type", "object type of the program");
        /// Frequency.
        FREQUENCY_INDEX = Field::new("program_frequency_index", "sample rate of the program").numbers(frequency_name);
        /// Front elements.
        FRONT_COUNT = Field::new("front_count", "elements in front");
        /// Side elements.
        SIDE_COUNT = Field::new("side_count", "elements at the sides");
        /// Back elements.
        BACK_COUNT = Field::new("back_count", "elements in the back");
        /// Low frequency channels.
        LOW_COUNT = Field::new("lfe_count", "low frequency channels");
        /// Associated data.
        DATA_COUNT = Field::new("data_count", "elements with associated data");
        /// Coupling channels.
        COUPLING_COUNT = Field::new("coupling_count", "coupling channels");
        /// Mono mixdown.
        MONO_MIX = Field::new("mono_mixdown", "a mono mixdown is there");
        /// Its element.
        MONO_MIX_ELEMENT = Field::new("mono_mixdown_element", "element of the mono mixdown");
        /// Stereo mixdown.
        STEREO_MIX = Field::new("stereo_mixdown", "a stereo mixdown is there");
        /// Its element.
        STEREO_MIX_ELEMENT = Field::new("stereo_mixdown_element", "element of the stereo mixdown");
        /// Matrix mixdown.
        MATRIX_MIX = Field::new("matrix_mixdown", "factors for a mixdown are there");
        /// Its code.
        MATRIX_MIX_CODE = Field::new("matrix_mixdown_code", "factors of the mixdown");
        /// A front element.
        FRONT = Field::new("front_element", "one or two channels in front");
        /// A side element.
        SIDE = Field::new("side_element", "one or two channels at the sides");
        /// A back element.
        BACK = Field::new("back_element", "one or two channels in the back");
        /// A pair.
        PAIR = Field::new("pair", "two channels instead of one");
        /// Tag of an element.
        ELEMENT = Field::new("element", "tag of the element");
        /// A low frequency channel.
        LOW = Field::new("lfe_element", "tag of a low frequency channel");
        /// Associated data.
        DATA = Field::new("data_element", "tag of an element with associated data");
        /// A coupling channel.
        COUPLING = Field::new("coupling_element", "a coupling channel");
        /// Switched independently.
        SWITCHED = Field::new("switched_independently", "the coupling channel is switched independently");
        /// Length of the comment.
        COMMENT_LENGTH = Field::new("comment_length", "length of the comment").unit(Unit::Bytes);
        /// Comment.
        COMMENT = Field::new("comment", "a comment of the encoder");
    }
}
