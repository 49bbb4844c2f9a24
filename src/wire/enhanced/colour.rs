//! Metadata packets: AMF names and values, of which only the colours of the pictures that follow are defined. Code points
//! are those of ITU-T H.273.

use super::NOT_KEPT;
use crate::field::{Annotate, Fault, Field, Reader, Unit, fields};
use crate::wire::amf0::{self, Scope};
use crate::wire::body::Extent;
use crate::wire::codec::picture::{matrix_name, primaries_name, transfer_name};
use crate::wire::value::Visitor;

/// Reads names and values until the end of the current bounds.
pub(super) fn read<A: Annotate>(r: &mut Reader<'_, A>, extent: Extent) -> Result<(), Fault> {
    if extent.is_head() {
        r.skip_rest(NOT_KEPT);
        return Ok(());
    }
    let mut scope = Scope::default();
    while !r.is_empty() {
        let mut name = Name { is_colour: false };
        amf0::value(r, &f::NAME, &mut scope, &mut name)?;
        let field = if name.is_colour { &f::COLOR_INFO } else { &f::VALUE };
        amf0::value(r, field, &mut scope, &mut ())?;
    }
    Ok(())
}

/// Compares the name, so that nothing has to be kept.
struct Name {
    is_colour: bool,
}

impl Visitor for Name {
    fn string(&mut self, name: &[u8]) {
        self.is_colour = name == b"colorInfo";
    }
}

/// Fields of metadata packets.
pub mod f {
    use super::*;
    fields! {
        /// Name.
        NAME = Field::new("metadata_name", "what the value is");
        /// A value with another name.
        VALUE = Field::new("metadata_value", "a value without public description");
        /// Colours.
        COLOR_INFO = Field::new("colorInfo", "colours of the pictures that follow; empty when they are not known any more")
            .members(&[&COLOR_CONFIG, &HDR_CLL, &HDR_MDCV]);
        /// Code points.
        COLOR_CONFIG = Field::new("colorConfig", "how numbers stand for colours")
            .members(&[&BIT_DEPTH, &PRIMARIES, &TRANSFER, &MATRIX]);
        /// Bit depth.
        BIT_DEPTH = Field::new("bitDepth", "bits of a sample: 8, 10 or 12").unit(Unit::Bits);
        /// Primaries.
        PRIMARIES = Field::new("colorPrimaries", "the three basic colours").numbers(primaries_name);
        /// Transfer.
        TRANSFER = Field::new("transferCharacteristics", "how numbers stand for light").numbers(transfer_name);
        /// Matrix.
        MATRIX = Field::new("matrixCoefficients", "how brightness and colour are told apart").numbers(matrix_name);
        /// Light level.
        HDR_CLL = Field::new("hdrCll", "how bright the content gets").members(&[&MAX_FALL, &MAX_CLL]);
        /// Frame average.
        MAX_FALL = Field::new("maxFall", "highest average brightness of a picture, in cd/m2");
        /// Brightest point.
        MAX_CLL = Field::new("maxCLL", "highest brightness of a point, in cd/m2");
        /// Mastering display.
        HDR_MDCV = Field::new("hdrMdcv", "the display on which the colours were chosen").members(&[
            &RED_X, &RED_Y, &GREEN_X, &GREEN_Y, &BLUE_X, &BLUE_Y, &WHITE_X, &WHITE_Y, &MAX_LUMINANCE, &MIN_LUMINANCE,
        ]);
        /// Red.
        RED_X = Field::new("redX", "CIE x of red");
        /// Red.
        RED_Y = Field::new("redY", "CIE y of red");
        /// Green.
        GREEN_X = Field::new("greenX", "CIE x of green");
        /// Green.
        GREEN_Y = Field::new("greenY", "CIE y of green");
        /// Blue.
        BLUE_X = Field::new("blueX", "CIE x of blue");
        /// Blue.
        BLUE_Y = Field::new("blueY", "CIE y of blue");
        /// White.
        WHITE_X = Field::new("whitePointX", "CIE x of white");
        /// White.
        WHITE_Y = Field::new("whitePointY", "CIE y of white");
        /// Brightest.
        MAX_LUMINANCE = Field::new("maxLuminance", "highest brightness of the display, in cd/m2");
        /// Darkest.
        MIN_LUMINANCE = Field::new("minLuminance", "lowest brightness of the display, in cd/m2");
    }
}
