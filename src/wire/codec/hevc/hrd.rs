//! The hypothetical reference decoder of HEVC (H.265 annex E.2.2): rates and buffers that a stream keeps to.

use crate::field::{Annotate, BitReader, Fault, Field, Unit, fields};
use crate::wire::codec::picture::{Parts, Timing};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// What the parameters say of others of the same kind that follow them.
#[derive(Clone, Copy, Default)]
pub(super) struct Common {
    nal: bool,
    vcl: bool,
    parts: Option<Parts>,
    /// Bits of the delays of buffering periods, of decoding, and of output.
    delays: [u8; 3],
    /// Buffers of the highest temporal layer.
    buffers: u8,
}

impl Common {
    /// How messages about buffering and picture timing are laid out.
    pub(super) fn tell(&self, timing: &mut Timing) {
        let [initial, removal, output] = self.delays;
        timing.initial_delay = initial;
        timing.delays = (self.nal || self.vcl).then_some((removal, output));
        timing.buffers = [self.nal, self.vcl].map(|there| if there { self.buffers } else { 0 });
        timing.parts = self.parts;
    }
}

/// Reads the parameters, for the temporal layers up to `layers`. `common` is told where its own follow, and kept where
/// not.
pub(super) fn read<A: Annotate>(
    b: &mut Bits<'_, '_, A>,
    follows: bool,
    layers: u32,
    common: &mut Common,
) -> Result<(), Fault> {
    if follows {
        *common = shared(b)?;
    }
    for _ in 0..=layers {
        common.buffers = b.group(&f::LAYER, |b| layer(b, *common))?;
    }
    Ok(())
}

fn shared<A: Annotate>(b: &mut Bits<'_, '_, A>) -> Result<Common, Fault> {
    let (nal, vcl) = (b.flag(&f::NAL_PRESENT)?, b.flag(&f::VCL_PRESENT)?);
    let (mut parts, mut delays) = (None, [0; 3]);
    if nal || vcl {
        if b.flag(&f::SUB_PIC_PRESENT)? {
            b.u(&f::TICK_DIVISOR, 8)?;
            let removal = b.u(&f::DU_REMOVAL_LENGTH, 5)? as u8 + 1;
            let in_picture_timing = b.flag(&f::DU_IN_PIC_TIMING)?;
            let output = b.u(&f::DU_OUTPUT_LENGTH, 5)? as u8 + 1;
            parts = Some(Parts { removal, output, in_picture_timing });
        }
        b.u(&f::BIT_RATE_SCALE, 4)?;
        b.u(&f::CPB_SIZE_SCALE, 4)?;
        if parts.is_some() {
            b.u(&f::CPB_SIZE_DU_SCALE, 4)?;
        }
        for (bits, field) in delays.iter_mut().zip([&f::INITIAL_LENGTH, &f::REMOVAL_LENGTH, &f::OUTPUT_LENGTH]) {
            *bits = b.u(field, 5)? as u8 + 1;
        }
    }
    Ok(Common { nal, vcl, parts, delays, buffers: 0 })
}

fn layer<A: Annotate>(b: &mut Bits<'_, '_, A>, common: Common) -> Result<u8, Fault> {
    let mut low_delay = false;
    if b.flag(&f::FIXED_GENERAL)? || b.flag(&f::FIXED_WITHIN)? {
        b.ue(&f::DURATION)?;
    } else {
        low_delay = b.flag(&f::LOW_DELAY)?;
    }
    let buffers = if low_delay { 0 } else { b.ue_to(&f::CPB_COUNT, 31)? };
    for _ in 0..u32::from(common.nal) + u32::from(common.vcl) {
        for _ in 0..=buffers {
            b.ue(&f::BIT_RATE)?;
            b.ue(&f::CPB_SIZE)?;
            if common.parts.is_some() {
                b.ue(&f::CPB_SIZE_DU)?;
                b.ue(&f::BIT_RATE_DU)?;
            }
            b.flag(&f::CBR)?;
        }
    }
    Ok(buffers as u8 + 1)
}

/// Fields of the reference decoder of HEVC.
pub mod f {
    use super::*;
    fields! {
        /// The whole.
        HRD = Field::new("hrd_parameters", "rates and buffers that the stream keeps to");
        /// A temporal layer.
        LAYER = Field::new("hrd_layer", "rates and buffers of one temporal layer");
        /// Buffers for all units.
        NAL_PRESENT = Field::new("nal_hrd_parameters_present_flag", "buffers for the whole stream follow");
        /// Buffers for slices.
        VCL_PRESENT = Field::new("vcl_hrd_parameters_present_flag", "buffers for the slices alone follow");
        /// Parts of pictures.
        SUB_PIC_PRESENT = Field::new("sub_pic_hrd_params_present_flag", "parts of pictures are decoded on their own");
        /// Clock.
        TICK_DIVISOR = Field::new("tick_divisor_minus2", "parts of a clock tick, minus 2");
        /// Width of delays.
        DU_REMOVAL_LENGTH = Field::new("du_cpb_removal_delay_increment_length_minus1", "bits of a part's delay, minus 1");
        /// Where they are told.
        DU_IN_PIC_TIMING = Field::new("sub_pic_cpb_params_in_pic_timing_sei_flag", "picture timing SEI tells them");
        /// Width of delays.
        DU_OUTPUT_LENGTH = Field::new("dpb_output_delay_du_length_minus1", "bits of a part's output delay, minus 1");
        /// Scale of rates.
        BIT_RATE_SCALE = Field::new("bit_rate_scale", "exponent of the rates");
        /// Scale of sizes.
        CPB_SIZE_SCALE = Field::new("cpb_size_scale", "exponent of the sizes");
        /// Scale of sizes for parts.
        CPB_SIZE_DU_SCALE = Field::new("cpb_size_du_scale", "exponent of the sizes for parts of pictures");
        /// Width of delays.
        INITIAL_LENGTH = Field::new("initial_cpb_removal_delay_length_minus1", "bits of the first delay, minus 1");
        /// Width of delays.
        REMOVAL_LENGTH = Field::new("au_cpb_removal_delay_length_minus1", "bits of a removal delay, minus 1");
        /// Width of delays.
        OUTPUT_LENGTH = Field::new("dpb_output_delay_length_minus1", "bits of an output delay, minus 1");
        /// Fixed rate.
        FIXED_GENERAL = Field::new("fixed_pic_rate_general_flag", "pictures come in equal steps");
        /// Fixed rate.
        FIXED_WITHIN = Field::new("fixed_pic_rate_within_cvs_flag", "pictures come in equal steps between key frames");
        /// Step.
        DURATION = Field::new("elemental_duration_in_tc_minus1", "clock ticks of a picture, minus 1");
        /// Low delay.
        LOW_DELAY = Field::new("low_delay_hrd_flag", "buffers may run empty for large pictures");
        /// Buffers.
        CPB_COUNT = Field::new("cpb_cnt_minus1", "number of buffers described, minus 1");
        /// Rate.
        BIT_RATE = Field::new("bit_rate_value_minus1", "highest rate, minus 1, before scaling");
        /// Size.
        CPB_SIZE = Field::new("cpb_size_value_minus1", "size of the buffer, minus 1, before scaling");
        /// Size for parts.
        CPB_SIZE_DU = Field::new("cpb_size_du_value_minus1", "the same for parts of pictures");
        /// Rate for parts.
        BIT_RATE_DU = Field::new("bit_rate_du_value_minus1", "the same for parts of pictures");
        /// Constant rate.
        CBR = Field::new("cbr_flag", "the rate is constant");
        /// Order and time.
        POC_PROPORTIONAL = Field::new("poc_proportional_to_timing_flag", "places in order tell times");
        /// Ticks.
        TICKS_POC = Field::new("num_ticks_poc_diff_one_minus1", "clock ticks of one place in order, minus 1")
            .unit(Unit::None);
    }
}
