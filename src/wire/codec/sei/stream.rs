//! SEI messages about the order and the parts of a stream: scenes, layers of time, pictures to begin with (H.264 and H.265
//! annex D, H.274).

use crate::field::{Annotate, BitReader, Fault, Field, Unit, fields};
use crate::wire::codec::nal::f as unit;
use crate::wire::codec::picture::{Timing, f as picture};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// What a scene is, and how it follows the one before.
pub(super) fn scene<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::SCENE_PRESENT)? {
        b.ue(&f::SCENE)?;
        if b.ue(&f::TRANSITION)? > 3 {
            b.ue(&f::SECOND_SCENE)?;
        }
    }
    Ok(())
}

/// A picture of a part of AVC that can be left out.
pub(super) fn sub_sequence<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&f::LAYER)?;
    b.ue(&f::SUB_SEQUENCE)?;
    for field in [&f::FIRST_REFERENCE, &f::LEADING, &f::LAST] {
        b.flag(field)?;
    }
    if b.flag(&f::FRAME_NUMBER_PRESENT)? {
        b.ue(&f::FRAME_NUMBER)?;
    }
    Ok(())
}

fn rates<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.flag(&f::ACCURATE)?;
    b.u(&f::BIT_RATE, 16)?;
    b.u(&f::FRAME_RATE, 16).map(drop)
}

/// Rates of each layer of such parts.
pub(super) fn layer_rates<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    for _ in 0..=b.ue_to(&f::LAYERS, 255)? {
        rates(b)?;
    }
    Ok(())
}

/// Length and rates of such a part, and the parts that it needs.
pub(super) fn sub_sequence_rates<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&f::LAYER)?;
    b.ue(&f::SUB_SEQUENCE)?;
    if b.flag(&f::DURATION_PRESENT)? {
        b.u(&f::DURATION, 32)?;
    }
    if b.flag(&f::RATES_PRESENT)? {
        rates(b)?;
    }
    for _ in 0..b.ue_to(&f::REFERRED, 255)? {
        b.ue(&f::LAYER)?;
        b.ue(&f::SUB_SEQUENCE)?;
        b.flag(&f::DIRECTION)?;
    }
    Ok(())
}

/// The begin of a picture that gets better step by step.
pub(super) fn refinement<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&f::REFINEMENT)?;
    b.ue(&f::STEPS).map(drop)
}

/// A number alone: snapshots, the end of a refinement, how long a picture is frozen.
pub(super) fn number<A: Annotate>(b: &mut Bits<'_, '_, A>, kind: u32) -> Result<(), Fault> {
    let field = match kind {
        13 => &super::display::f::REPETITION,
        15 => &f::SNAPSHOT,
        _ => &f::REFINEMENT,
    };
    b.ue(field).map(drop)
}

/// The pictures of a group of HEVC.
pub(super) fn structure<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&crate::wire::codec::hevc::f::SPS_ID)?;
    for at in 0..=b.ue_to(&f::PICTURES, 1023)? {
        b.group(&f::PICTURE, |b| {
            let kind = b.u(&unit::HEVC_TYPE, 6)?;
            b.u(&f::TEMPORAL_ID, 3)?;
            if !matches!(kind, 19 | 20) {
                b.ue(&f::REFERENCES)?;
            }
            if at > 0 {
                b.se(&f::ORDER)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// When a part of a picture of HEVC is decoded.
pub(super) fn decoding_unit<A: Annotate>(b: &mut Bits<'_, '_, A>, timing: Option<Timing>) -> Result<(), Fault> {
    let Some(parts) = timing.and_then(|timing| timing.parts) else {
        b.rest(&super::f::PAYLOAD);
        b.remark("no sequence parameter set says how the parts of pictures are told");
        return Ok(());
    };
    b.ue(&f::PART)?;
    if !parts.in_picture_timing {
        b.u(&f::PART_DELAY, u32::from(parts.removal))?;
    }
    if b.flag(&f::PART_OUTPUT_PRESENT)? {
        b.u(&f::PART_OUTPUT, u32::from(parts.output))?;
    }
    Ok(())
}

/// The picture of the lowest layer of time that this one belongs to.
pub(super) fn layer_zero<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::ZERO_INDEX, 8)?;
    b.u(&f::RANDOM_ACCESS, 8).map(drop)
}

/// Which SEI messages the stream has.
pub(super) fn manifest<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    for _ in 0..b.u(&f::KINDS, 16)? {
        b.u(&f::KIND, 16)?;
        b.u(&f::NECESSITY, 8)?;
    }
    Ok(())
}

/// How the messages of one type begin.
pub(super) fn prefixes<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.u(&f::KIND, 16)?;
    for _ in 0..=b.u(&f::PREFIXES, 8)? {
        let bits = b.u(&f::PREFIX_BITS, 16)? as u32 + 1;
        b.bytes(&f::PREFIX, bits / 8)?;
        if !bits.is_multiple_of(8) {
            b.u(&f::PREFIX, bits % 8)?;
        }
        b.align(&picture::RESERVED)?;
    }
    Ok(())
}

/// How a picture of VVC is shown, if it may be a field.
pub(super) fn frame_field<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    if b.flag(&f::FIELD)? {
        b.flag(&f::BOTTOM)?;
        if b.flag(&f::PAIRED)? {
            b.flag(&f::PAIRED_WITH_NEXT)?;
        }
    } else {
        if b.flag(&f::FIELDS_OF_FRAME)? {
            b.flag(&f::TOP_FIRST)?;
        }
        b.u(&f::PERIODS, 8)?;
    }
    b.u(&super::f::SCAN_TYPE, 2)?;
    b.flag(&super::f::DUPLICATE).map(drop)
}

/// How long the shutter was open.
pub(super) fn shutter<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
    b.ue(&f::SHUTTER_LAYER)?;
    if b.flag(&f::SHUTTER_PRESENT)? {
        b.u(&f::SHUTTER_SCALE, 32)?;
        if b.flag(&f::SHUTTER_FIXED)? {
            b.u(&f::SHUTTER_UNITS, 32)?;
        } else {
            for _ in 0..=b.u(&f::SHUTTER_LAYERS, 3)? {
                b.u(&f::SHUTTER_UNITS, 32)?;
            }
        }
    }
    Ok(())
}

fn transition_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "none",
        1 => "fade to black",
        2 => "fade from black",
        3 => "unspecified, from or to a colour",
        4 => "dissolve",
        5 => "wipe",
        6 => "unspecified mixture of two scenes",
        _ => return None,
    })
}

/// Fields of SEI messages about the order and the parts of a stream.
pub mod f {
    use super::*;
    fields! {
        /// Scene.
        SCENE_PRESENT = Field::new("scene_info_present_flag", "a scene is named");
        /// Scene.
        SCENE = Field::new("scene_id", "number of the scene");
        /// Transition.
        TRANSITION = Field::new("scene_transition_type", "how it follows the one before").numbers(transition_name);
        /// Scene.
        SECOND_SCENE = Field::new("second_scene_id", "number of the scene that it is mixed with");
        /// Layer.
        LAYER = Field::new("sub_seq_layer_num", "layer that the part belongs to");
        /// Part.
        SUB_SEQUENCE = Field::new("sub_seq_id", "number of the part");
        /// First.
        FIRST_REFERENCE = Field::new("first_ref_pic_flag", "first picture of the part that others need");
        /// Leading.
        LEADING = Field::new("leading_non_ref_pic_flag", "a picture before it that none needs");
        /// Last.
        LAST = Field::new("last_pic_flag", "last picture of the part");
        /// Number.
        FRAME_NUMBER_PRESENT = Field::new("sub_seq_frame_num_flag", "the picture's number follows");
        /// Number.
        FRAME_NUMBER = Field::new("sub_seq_frame_num", "number of the picture in the part");
        /// Layers.
        LAYERS = Field::new("num_sub_seq_layers_minus1", "number of layers, minus 1");
        /// Accuracy.
        ACCURATE = Field::new("accurate_statistics_flag", "the rates are exact");
        /// Rate.
        BIT_RATE = Field::new("average_bit_rate", "bits a second").unit(Unit::Kilobits);
        /// Rate.
        FRAME_RATE = Field::new("average_frame_rate", "pictures in 256 seconds");
        /// Duration.
        DURATION_PRESENT = Field::new("duration_flag", "the length follows");
        /// Duration.
        DURATION = Field::new("sub_seq_duration", "length of the part, in ticks of 90 kHz");
        /// Rates.
        RATES_PRESENT = Field::new("average_rate_flag", "rates follow");
        /// Others.
        REFERRED = Field::new("num_referenced_subseqs", "number of parts that this one needs");
        /// Direction.
        DIRECTION = Field::new("ref_sub_seq_direction", "the other part comes later");
        /// Snapshot.
        SNAPSHOT = Field::new("snapshot_id", "number of the still picture");
        /// Refinement.
        REFINEMENT = Field::new("progressive_refinement_id", "number of the picture that gets better");
        /// Steps.
        STEPS = Field::new("num_refinement_steps_minus1", "pictures until it is complete, minus 1");
        /// Pictures.
        PICTURES = Field::new("num_entries_in_sop_minus1", "pictures of the group, minus 1");
        /// Picture.
        PICTURE = Field::new("sop_picture", "one picture of the group");
        /// Layer.
        TEMPORAL_ID = Field::new("sop_temporal_id", "its temporal layer");
        /// References.
        REFERENCES = Field::new("sop_short_term_rps_idx", "which set of pictures it is predicted from");
        /// Order.
        ORDER = Field::new("sop_poc_delta", "distance in order from the picture before");
        /// Part.
        PART = Field::new("decoding_unit_idx", "number of the part of a picture");
        /// Delay.
        PART_DELAY = Field::new("du_spt_cpb_removal_delay_increment", "how long it waits, in parts of a tick");
        /// Output.
        PART_OUTPUT_PRESENT = Field::new("dpb_output_du_delay_present_flag", "the delay of output follows");
        /// Output.
        PART_OUTPUT = Field::new("pic_spt_dpb_output_du_delay", "how long the picture waits before it is shown, in parts of a tick");
        /// Index.
        ZERO_INDEX = Field::new("temporal_sub_layer_zero_idx", "number of the picture of the lowest temporal layer");
        /// Key frame.
        RANDOM_ACCESS = Field::new("irap_pic_id", "number of the key frame before");
        /// Kinds.
        KINDS = Field::new("manifest_num_sei_msg_types", "number of types");
        /// Kind.
        KIND = Field::new("sei_payload_type", "type of message that is described").numbers(super::super::names::payload_name);
        /// Necessity.
        NECESSITY = Field::new("manifest_sei_description", "whether such messages are there, and needed");
        /// Prefixes.
        PREFIXES = Field::new("num_sei_prefix_indications_minus1", "number of beginnings, minus 1");
        /// Bits.
        PREFIX_BITS = Field::new("num_bits_in_prefix_indication_minus1", "bits of the beginning, minus 1").unit(Unit::Bits);
        /// Beginning.
        PREFIX = Field::new("sei_prefix_data", "first bits of such messages");
        /// Field.
        FIELD = Field::new("ffi_field_pic_flag", "the picture is a field");
        /// Bottom.
        BOTTOM = Field::new("ffi_bottom_field_flag", "it is a bottom field");
        /// Pair.
        PAIRED = Field::new("ffi_pairing_indicated_flag", "its other half is told");
        /// Pair.
        PAIRED_WITH_NEXT = Field::new("ffi_paired_with_next_field_flag", "that is the next picture, not the one before");
        /// Fields.
        FIELDS_OF_FRAME = Field::new("ffi_display_fields_from_frame_flag", "its fields are shown one after the other");
        /// Order.
        TOP_FIRST = Field::new("ffi_top_field_first_flag", "the top field first");
        /// Periods.
        PERIODS = Field::new("ffi_display_elemental_periods_minus1", "periods that it is shown for, minus 1");
        /// Layer.
        SHUTTER_LAYER = Field::new("sii_sub_layer_idx", "temporal layer");
        /// Shutter.
        SHUTTER_PRESENT = Field::new("shutter_interval_info_present_flag", "the time that the shutter was open follows");
        /// Scale.
        SHUTTER_SCALE = Field::new("sii_time_scale", "units in a second");
        /// Fixed.
        SHUTTER_FIXED = Field::new("fixed_shutter_interval_within_cvs_flag", "the same for all pictures");
        /// Units.
        SHUTTER_UNITS = Field::new("sii_num_units_in_shutter_interval", "units that the shutter was open");
        /// Layers.
        SHUTTER_LAYERS = Field::new("sii_max_sub_layers_minus1", "temporal layers, minus 1");
    }
}
