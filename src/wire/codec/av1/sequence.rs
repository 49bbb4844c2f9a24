//! The sequence header of AV1.

use super::{bit_depth, chroma, f as av1};
use crate::field::{Annotate, BitReader, Fault, Field, Unit, Value, fields};
use crate::wire::codec::nal::f as unit;
use crate::wire::codec::picture::{Chroma, Colour, Picture, Rate, f as picture};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// What decoders may want to know of the first rows before the later ones.
#[derive(Clone, Copy)]
struct Head {
    profile: u64,
    reduced: bool,
    rate: Option<Rate>,
}

pub(super) fn read<A: Annotate>(b: &mut Bits<'_, '_, A>, found: &mut Option<Picture>) -> Result<(), Fault> {
    b.group(&f::SEQUENCE_HEADER, |b| {
        let head = operation(b)?;
        let (across, down) = (b.u(&f::WIDTH_BITS, 4)? as u32 + 1, b.u(&f::HEIGHT_BITS, 4)? as u32 + 1);
        let (width, height) = (b.u(&f::WIDTH, across)? as u32 + 1, b.u(&f::HEIGHT, down)? as u32 + 1);
        tools(b, head.reduced)?;
        let (bits, sampling, colour) = colours(b, head.profile)?;
        b.flag(&f::FILM_GRAIN)?;
        b.trailing(&unit::TRAILING);
        b.derived(&picture::WIDTH, Value::Unsigned(u64::from(width)));
        b.derived(&picture::HEIGHT, Value::Unsigned(u64::from(height)));
        b.derived(&picture::BIT_DEPTH, Value::Unsigned(u64::from(bits)));
        if let Some(rate) = head.rate {
            b.derived(&picture::FRAME_RATE, Value::Float(rate.per_second()));
        }
        *found = Some(Picture {
            rate: head.rate,
            colour,
            ..Picture::of_size((width, height), (width, height), sampling, bits)
        });
        Ok(())
    })
}

/// Everything before the size of frames.
fn operation<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<Head, Fault> {
    let profile = b.u(&av1::PROFILE, 3)?;
    b.flag(&f::STILL)?;
    let mut head = Head { profile, reduced: b.flag(&f::REDUCED)?, rate: None };
    if head.reduced {
        b.u(&av1::LEVEL, 5)?;
        return Ok(head);
    }
    let mut delay_bits = None;
    if b.flag(&f::TIMING_PRESENT)? {
        let (units, scale) = (b.u(&f::UNITS_IN_TICK, 32)?, b.u(&f::TIME_SCALE, 32)?);
        let ticks = if b.flag(&f::EQUAL_INTERVAL)? { u64::from(b.uvlc(&f::TICKS)?) + 1 } else { 1 };
        head.rate = Rate::new(scale as u32, units * ticks);
        if b.flag(&f::MODEL_PRESENT)? {
            delay_bits = Some(b.u(&f::DELAY_LENGTH, 5)? as u32 + 1);
            b.u(&f::UNITS_IN_DECODING_TICK, 32)?;
            b.u(&f::REMOVAL_LENGTH, 5)?;
            b.u(&f::PRESENTATION_LENGTH, 5)?;
        }
    }
    let display_delay = b.flag(&f::DISPLAY_DELAY_PRESENT)?;
    for _ in 0..=b.u(&f::OPERATING_POINTS, 5)? {
        b.group(&f::OPERATING_POINT, |b| {
            b.u(&f::OPERATING_POINT_IDC, 12)?;
            if b.u(&av1::LEVEL, 5)? > 7 {
                b.u(&av1::TIER, 1)?;
            }
            if let Some(bits) = delay_bits
                && b.flag(&f::POINT_MODEL_PRESENT)?
            {
                b.u(&f::DECODER_DELAY, bits)?;
                b.u(&f::ENCODER_DELAY, bits)?;
                b.flag(&f::LOW_DELAY)?;
            }
            if display_delay && b.flag(&f::POINT_DISPLAY_DELAY_PRESENT)? {
                b.u(&f::DISPLAY_DELAY, 4)?;
            }
            Ok(())
        })?;
    }
    Ok(head)
}

/// Everything between the size of frames and the colours.
fn tools<A: Annotate>(b: &mut Bits<'_, '_, A>, reduced: bool) -> Result<(), Fault> {
    if !reduced && b.flag(&f::FRAME_IDS)? {
        b.u(&f::DELTA_ID_LENGTH, 4)?;
        b.u(&f::ADDITIONAL_ID_LENGTH, 3)?;
    }
    for field in [&f::SUPERBLOCK_128, &f::FILTER_INTRA, &f::EDGE_FILTER] {
        b.flag(field)?;
    }
    if !reduced {
        for field in [&f::INTERINTRA, &f::MASKED, &f::WARPED, &f::DUAL_FILTER] {
            b.flag(field)?;
        }
        let order = b.flag(&f::ORDER_HINT)?;
        if order {
            b.flag(&f::JNT_COMP)?;
            b.flag(&f::REF_FRAME_MVS)?;
        }
        let choose = b.flag(&f::CHOOSE_SCREEN_CONTENT)?;
        if (choose || b.flag(&f::FORCE_SCREEN_CONTENT)?) && !b.flag(&f::CHOOSE_INTEGER_MV)? {
            b.flag(&f::FORCE_INTEGER_MV)?;
        }
        if order {
            b.u(&f::ORDER_HINT_BITS, 3)?;
        }
    }
    for field in [&f::SUPERRES, &f::CDEF, &f::RESTORATION] {
        b.flag(field)?;
    }
    Ok(())
}

fn colours<A: Annotate>(b: &mut Bits<'_, '_, A>, profile: u64) -> Result<(u8, Chroma, Option<Colour>), Fault> {
    let high = b.flag(&av1::HIGH_BIT_DEPTH)?;
    let twelve = profile == 2 && high && b.flag(&av1::TWELVE_BIT)?;
    let bits = bit_depth(high, twelve);
    let mono = profile != 1 && b.flag(&av1::MONOCHROME)?;
    let described = b.flag(&f::COLOUR_PRESENT)?;
    let [primaries, transfer, matrix] = if described {
        [b.u(&picture::PRIMARIES, 8)?, b.u(&picture::TRANSFER, 8)?, b.u(&picture::MATRIX, 8)?].map(|n| n as u8)
    } else {
        [2, 2, 2]
    };
    let mut colour = Colour { primaries, transfer, matrix, full_range: false };
    if mono {
        colour.full_range = b.flag(&picture::FULL_RANGE)?;
        return Ok((bits, Chroma(0), Some(colour)));
    }
    let (x, y) = if (primaries, transfer, matrix) == (1, 13, 0) {
        colour.full_range = true;
        (false, false)
    } else {
        colour.full_range = b.flag(&picture::FULL_RANGE)?;
        let (x, y) = match profile {
            0 => (true, true),
            1 => (false, false),
            _ if twelve => {
                let x = b.flag(&av1::SUBSAMPLING_X)?;
                (x, x && b.flag(&av1::SUBSAMPLING_Y)?)
            }
            _ => (true, false),
        };
        if x && y {
            b.u(&av1::SAMPLE_POSITION, 2)?;
        }
        (x, y)
    };
    b.flag(&f::SEPARATE_UV)?;
    Ok((bits, chroma(false, x, y), Some(colour)))
}

/// Fields of the sequence header of AV1.
pub mod f {
    use super::*;
    fields! {
        /// The whole.
        SEQUENCE_HEADER = Field::new("sequence_header", "what holds for all pictures");
        /// Still picture.
        STILL = Field::new("still_picture", "the stream is one picture");
        /// Reduced header.
        REDUCED = Field::new("reduced_still_picture_header", "the header is short, for still pictures");
        /// Is timing there?
        TIMING_PRESENT = Field::new("timing_info_present_flag", "how long pictures last follows");
        /// Units in a tick.
        UNITS_IN_TICK = Field::new("num_units_in_display_tick", "units of the clock in one tick");
        /// Time scale.
        TIME_SCALE = Field::new("time_scale", "units of the clock in a second");
        /// Equal intervals.
        EQUAL_INTERVAL = Field::new("equal_picture_interval", "all pictures last equally long");
        /// Ticks.
        TICKS = Field::new("num_ticks_per_picture_minus_1", "ticks that a picture lasts, minus 1");
        /// Decoder model.
        MODEL_PRESENT = Field::new("decoder_model_info_present_flag", "delays of a decoder follow");
        /// Width of delays.
        DELAY_LENGTH = Field::new("buffer_delay_length_minus_1", "bits of a delay, minus 1").unit(Unit::Bits);
        /// Decoding ticks.
        UNITS_IN_DECODING_TICK = Field::new("num_units_in_decoding_tick", "units of the clock in one decoding tick");
        /// Width of removal times.
        REMOVAL_LENGTH = Field::new("buffer_removal_time_length_minus_1", "bits of a removal time, minus 1").unit(Unit::Bits);
        /// Width of presentation times.
        PRESENTATION_LENGTH = Field::new("frame_presentation_time_length_minus_1", "bits of a presentation time, minus 1")
            .unit(Unit::Bits);
        /// Display delay.
        DISPLAY_DELAY_PRESENT = Field::new("initial_display_delay_present_flag", "operating points say their delay");
        /// Operating points.
        OPERATING_POINTS = Field::new("operating_points_cnt_minus_1", "number of operating points, minus 1");
        /// One of them.
        OPERATING_POINT = Field::new("operating_point", "a choice of layers to decode");
        /// Its layers.
        OPERATING_POINT_IDC = Field::new("operating_point_idc", "layers that belong to it");
        /// Its model.
        POINT_MODEL_PRESENT = Field::new("decoder_model_present_for_this_op", "its delays follow");
        /// Decoder delay.
        DECODER_DELAY = Field::new("decoder_buffer_delay", "delay of the decoder's buffer");
        /// Encoder delay.
        ENCODER_DELAY = Field::new("encoder_buffer_delay", "delay of the encoder's buffer");
        /// Low delay.
        LOW_DELAY = Field::new("low_delay_mode_flag", "the buffer may run empty");
        /// Its display delay.
        POINT_DISPLAY_DELAY_PRESENT = Field::new("initial_display_delay_present_for_this_op", "its delay follows");
        /// Display delay.
        DISPLAY_DELAY = Field::new("initial_display_delay_minus_1", "pictures to decode before the first is shown, minus 1");
        /// Bits of a width.
        WIDTH_BITS = Field::new("frame_width_bits_minus_1", "bits of a width, minus 1").unit(Unit::Bits);
        /// Bits of a height.
        HEIGHT_BITS = Field::new("frame_height_bits_minus_1", "bits of a height, minus 1").unit(Unit::Bits);
        /// Width.
        WIDTH = Field::new("max_frame_width_minus_1", "largest width, minus 1").unit(Unit::Pixels);
        /// Height.
        HEIGHT = Field::new("max_frame_height_minus_1", "largest height, minus 1").unit(Unit::Pixels);
        /// Frame ids.
        FRAME_IDS = Field::new("frame_id_numbers_present_flag", "frames have ids");
        /// Width of ids.
        DELTA_ID_LENGTH = Field::new("delta_frame_id_length_minus_2", "bits of a difference of ids, minus 2").unit(Unit::Bits);
        /// Width of ids.
        ADDITIONAL_ID_LENGTH = Field::new("additional_frame_id_length_minus_1", "more bits of an id, minus 1")
            .unit(Unit::Bits);
        /// Superblocks.
        SUPERBLOCK_128 = Field::new("use_128x128_superblock", "blocks of 128x128 instead of 64x64");
        /// Filter.
        FILTER_INTRA = Field::new("enable_filter_intra", "a coding tool");
        /// Filter.
        EDGE_FILTER = Field::new("enable_intra_edge_filter", "a coding tool");
        /// Prediction.
        INTERINTRA = Field::new("enable_interintra_compound", "a coding tool");
        /// Prediction.
        MASKED = Field::new("enable_masked_compound", "a coding tool");
        /// Motion.
        WARPED = Field::new("enable_warped_motion", "a coding tool");
        /// Filter.
        DUAL_FILTER = Field::new("enable_dual_filter", "a coding tool");
        /// Order.
        ORDER_HINT = Field::new("enable_order_hint", "frames say their order");
        /// Prediction.
        JNT_COMP = Field::new("enable_jnt_comp", "a coding tool");
        /// Motion.
        REF_FRAME_MVS = Field::new("enable_ref_frame_mvs", "a coding tool");
        /// Screen content.
        CHOOSE_SCREEN_CONTENT = Field::new("seq_choose_screen_content_tools", "each frame says whether it uses them");
        /// Screen content.
        FORCE_SCREEN_CONTENT = Field::new("seq_force_screen_content_tools", "all frames use them");
        /// Whole motion.
        CHOOSE_INTEGER_MV = Field::new("seq_choose_integer_mv", "each frame says whether motion is in whole samples");
        /// Whole motion.
        FORCE_INTEGER_MV = Field::new("seq_force_integer_mv", "motion is in whole samples");
        /// Width of the order.
        ORDER_HINT_BITS = Field::new("order_hint_bits_minus_1", "bits of the order, minus 1").unit(Unit::Bits);
        /// Scaling.
        SUPERRES = Field::new("enable_superres", "frames may be coded narrower");
        /// Filter.
        CDEF = Field::new("enable_cdef", "a filter");
        /// Filter.
        RESTORATION = Field::new("enable_restoration", "a filter");
        /// Colours.
        COLOUR_PRESENT = Field::new("color_description_present_flag", "the meaning of colours follows");
        /// Quantisers.
        SEPARATE_UV = Field::new("separate_uv_delta_q", "the two chroma planes are coded with different care");
        /// Film grain.
        FILM_GRAIN = Field::new("film_grain_params_present", "frames say how to add film grain");
    }
}
