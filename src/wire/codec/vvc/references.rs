//! Lists of reference pictures in a sequence parameter set of VVC (H.266 section 7.3.10).

use crate::field::{Annotate, BitReader, Fault, Field, fields};

type Bits<'r, 'a, A> = BitReader<'r, 'a, A>;

/// What a sequence parameter set says of the lists in it.
#[derive(Clone, Copy)]
pub(super) struct Lists {
    /// Pictures may be kept for long.
    pub(super) long_term: bool,
    /// Pictures of other layers may be referred to.
    pub(super) layered: bool,
    /// Predictions are weighted: a picture may then be named twice.
    pub(super) weighted: bool,
    /// Bits of a picture's place in order.
    pub(super) order_bits: u32,
}

/// A list names no more pictures.
const MOST_ENTRIES: u32 = 29;

impl Lists {
    pub(super) fn one<A: Annotate>(self, b: &mut Bits<'_, '_, A>) -> Result<(), Fault> {
        let count = b.ue_to(&f::ENTRIES, MOST_ENTRIES)?;
        let in_header = self.long_term && count > 0 && b.flag(&f::LONG_TERM_IN_HEADER)?;
        for at in 0..count {
            if self.layered && b.flag(&f::INTER_LAYER)? {
                b.ue(&f::LAYER_INDEX)?;
            } else if !self.long_term || b.flag(&f::SHORT_TERM)? {
                let delta = b.ue(&f::DELTA)?;
                // Only where predictions are weighted may the second of two entries lie where the first one does.
                if delta > 0 || at == 0 || !self.weighted {
                    b.flag(&f::SIGN)?;
                }
            } else if !in_header {
                b.u(&f::LONG_TERM_LSB, self.order_bits)?;
            }
        }
        Ok(())
    }
}

/// Fields of lists of reference pictures of VVC.
pub mod f {
    use super::*;
    fields! {
        /// The whole.
        LIST = Field::new("ref_pic_list_struct", "pictures that others are predicted from");
        /// Entries.
        ENTRIES = Field::new("num_ref_entries", "number of pictures");
        /// Long-term pictures.
        LONG_TERM_IN_HEADER = Field::new("ltrp_in_header_flag", "headers of pictures say which are kept for long");
        /// Layers.
        INTER_LAYER = Field::new("inter_layer_ref_pic_flag", "a picture of another layer");
        /// Layers.
        LAYER_INDEX = Field::new("ilrp_idx", "which layer, among those that this one refers to");
        /// Short-term pictures.
        SHORT_TERM = Field::new("st_ref_pic_flag", "the picture is not kept for long");
        /// Distance.
        DELTA = Field::new("abs_delta_poc_st", "distance in order from the entry before");
        /// Sign.
        SIGN = Field::new("strp_entry_sign_flag", "the distance is negative");
        /// Place in order.
        LONG_TERM_LSB = Field::new("rpls_poc_lsb_lt", "low bits of the place in order of a picture kept for long");
    }
}
