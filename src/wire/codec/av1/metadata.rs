//! Metadata units of AV1: captions, light levels, the mastering display, layers, clock times (AV1 section 5.8).

use super::leb128;
use crate::field::{Annotate, BitReader, Content, Fault, Field, Reader, Unit, fields};
use crate::wire::codec::nal::f as unit;
use crate::wire::codec::sei;

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// Reads what follows the header of the unit.
pub(super) fn read<A: Annotate>(r: &mut Reader<'_, A>) -> Result<(), Fault> {
    let kind = leb128(r, &f::METADATA_TYPE)?;
    r.bit_section(r.left(), |b| {
        match kind {
            1 => sei::light_level(b)?,
            2 => {
                for (x, y) in [(&f::PRIMARY_X, &f::PRIMARY_Y); 3].into_iter().chain([(&f::WHITE_X, &f::WHITE_Y)]) {
                    b.u(x, 16)?;
                    b.u(y, 16)?;
                }
                b.u(&f::LUMINANCE_MAX, 32)?;
                b.u(&f::LUMINANCE_MIN, 32)?;
            }
            4 => {
                sei::t35::read(b)?;
                if b.left() == 0 {
                    return Ok(());
                }
            }
            3 => scalability(b)?,
            5 => timecode(b)?,
            _ => {
                b.rest(&f::METADATA_OTHER);
                return Ok(());
            }
        }
        b.trailing(&unit::TRAILING);
        Ok(())
    })
}

/// Layers of different size or rate.
fn scalability<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    /// The structure is described in the message, and not by a number.
    const DESCRIBED: u64 = 14;
    if b.u(&f::SCALABILITY_MODE, 8)? != DESCRIBED {
        return Ok(());
    }
    let layers = b.u(&f::SPATIAL_LAYERS, 2)?;
    let sizes = b.flag(&f::SPATIAL_SIZES)?;
    let references = b.flag(&f::SPATIAL_REFERENCES)?;
    let group = b.flag(&f::TEMPORAL_GROUP)?;
    b.u(&f::SCALABILITY_RESERVED, 3)?;
    for _ in 0..if sizes { layers + 1 } else { 0 } {
        b.u(&f::LAYER_WIDTH, 16)?;
        b.u(&f::LAYER_HEIGHT, 16)?;
    }
    for _ in 0..if references { layers + 1 } else { 0 } {
        b.u(&f::LAYER_REFERENCE, 8)?;
    }
    for _ in 0..if group { b.u(&f::GROUP_SIZE, 8)? } else { 0 } {
        b.group(&f::GROUP_PICTURE, |b| {
            b.u(&f::GROUP_LAYER, 3)?;
            b.flag(&f::GROUP_TEMPORAL_SWITCH)?;
            b.flag(&f::GROUP_SPATIAL_SWITCH)?;
            for _ in 0..b.u(&f::GROUP_REFERENCES, 3)? {
                b.u(&f::GROUP_REFERENCE, 8)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The clock time of the picture.
fn timecode<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    sei::clock(b, 9)?;
    match b.u(&sei::f::TIME_OFFSET_LENGTH, 5)? {
        0 => Ok(()),
        bits => b.u(&sei::f::TIME_OFFSET, bits as u32).map(drop),
    }
}

fn metadata_name(number: u64) -> Option<&'static str> {
    Some(match number {
        1 => "content light level",
        2 => "mastering display colour volume",
        3 => "scalability",
        4 => "T.35",
        5 => "time code",
        _ => return None,
    })
}

/// Fields of metadata units.
pub mod f {
    use super::*;
    fields! {
        /// Kind of metadata.
        METADATA_TYPE = Field::new("metadata_type", "what the metadata are about").numbers(metadata_name);
        /// Metadata.
        METADATA_OTHER = Field::new("metadata", "metadata of a type that is reserved or left to applications").content(Content::Undescribed);
        /// Primary.
        PRIMARY_X = Field::new("primary_chromaticity_x", "x of a primary (red, green, blue), in steps of 1/65536");
        /// Primary.
        PRIMARY_Y = Field::new("primary_chromaticity_y", "y of a primary, in steps of 1/65536");
        /// White.
        WHITE_X = Field::new("white_point_chromaticity_x", "x of white, in steps of 1/65536");
        /// White.
        WHITE_Y = Field::new("white_point_chromaticity_y", "y of white, in steps of 1/65536");
        /// Brightest.
        LUMINANCE_MAX = Field::new("luminance_max", "brightest the display can be, in steps of 1/256 cd/m2");
        /// Darkest.
        LUMINANCE_MIN = Field::new("luminance_min", "darkest the display can be, in steps of 1/16384 cd/m2");
        /// Layers.
        SCALABILITY_MODE = Field::new("scalability_mode_idc", "which layers there are: 14 when they are described here");
        /// Layers.
        SPATIAL_LAYERS = Field::new("spatial_layers_cnt_minus_1", "number of spatial layers, minus 1");
        /// Layers.
        SPATIAL_SIZES = Field::new("spatial_layer_dimensions_present_flag", "their sizes follow");
        /// Layers.
        SPATIAL_REFERENCES = Field::new("spatial_layer_description_present_flag", "what they are predicted from follows");
        /// Layers.
        TEMPORAL_GROUP = Field::new("temporal_group_description_present_flag", "the order of temporal layers follows");
        /// Layers.
        SCALABILITY_RESERVED = Field::new("scalability_structure_reserved_3bits", "bits without a meaning");
        /// Layers.
        LAYER_WIDTH = Field::new("spatial_layer_max_width", "largest width of the layer").unit(Unit::Pixels);
        /// Layers.
        LAYER_HEIGHT = Field::new("spatial_layer_max_height", "largest height of the layer").unit(Unit::Pixels);
        /// Layers.
        LAYER_REFERENCE = Field::new("spatial_layer_ref_id", "layer that it is predicted from; 255 for none");
        /// Group.
        GROUP_SIZE = Field::new("temporal_group_size", "pictures after which the order repeats");
        /// Group.
        GROUP_PICTURE = Field::new("temporal_group_picture", "a picture of the group");
        /// Group.
        GROUP_LAYER = Field::new("temporal_group_temporal_id", "its temporal layer");
        /// Group.
        GROUP_TEMPORAL_SWITCH = Field::new("temporal_group_temporal_switching_up_point_flag", "higher temporal layers may begin here");
        /// Group.
        GROUP_SPATIAL_SWITCH = Field::new("temporal_group_spatial_switching_up_point_flag", "higher spatial layers may begin here");
        /// Group.
        GROUP_REFERENCES = Field::new("temporal_group_ref_cnt", "number of pictures that it is predicted from");
        /// Group.
        GROUP_REFERENCE = Field::new("temporal_group_ref_pic_diff", "how far back such a picture is");
    }
}

#[cfg(test)]
mod tests {
    use crate::wire::codec::Context;
    use crate::wire::codec::tests::{AV01, sample, values};

    /// A unit of metadata as the only one of a sample.
    fn metadata(kind: u8, bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits.bytes().filter(|b| *b != b' ').map(|b| b - b'0').chain([1]).collect();
        let payload = bits.chunks(8).map(|b| (0..8).fold(0, |n, i| n << 1 | b.get(i).copied().unwrap_or_default()));
        let payload: Vec<u8> = [kind].into_iter().chain(payload).collect();
        [&[0x2a, payload.len() as u8][..], &payload].concat()
    }

    #[test]
    fn clock_times_and_layers_are_read_to_the_last_bit() {
        // 01:02:03, frame 24 of a clock that counts no fields.
        let (_, result, tree) =
            sample(AV01, &metadata(5, "00000 1 0 0 000011000 000011 000010 00001 00000"), Context::default());
        assert_eq!(result, Ok(()));
        let number = |name| values(&tree, name).first().and_then(|value| value.as_unsigned());
        assert_eq!(
            (number("n_frames"), number("hours"), number("minutes"), number("seconds")),
            (Some(24), Some(1), Some(2), Some(3))
        );
        // Two spatial layers with their sizes, and a group of one picture.
        let structure = "00001110 01 1 0 1 000 0000000010100000 0000000001011010 0000000101000000 0000000010110100";
        let group = "00000001 001 1 0 001 00000010";
        let (_, result, tree) = sample(AV01, &metadata(3, &[structure, group].concat()), Context::default());
        assert_eq!(result, Ok(()));
        let widths: Vec<_> = values(&tree, "spatial_layer_max_width").iter().map(|v| v.as_unsigned()).collect();
        assert_eq!(widths, [Some(160), Some(320)]);
        assert_eq!(values(&tree, "temporal_group_ref_pic_diff").len(), 1);
        assert!(tree.nodes().iter().all(|node| node.field.name != "metadata"), "nothing is left over");
    }
}
