//! The field table of NAL units.

use super::names::{avc_name, avc_primary_pic_name, hevc_name, hevc_pic_name, vvc_name};
use crate::field::{Content, Field, Unit, fields};

/// Fields of NAL units.
pub mod f {
    use super::*;
    fields! {
        /// One unit.
        NAL_UNIT = Field::new("nal_unit", "a part of a picture, or parameters for pictures");
        /// Length.
        NAL_LENGTH = Field::new("nal_length", "length of the unit").unit(Unit::Bytes);
        /// Start code.
        START_CODE = Field::new("start_code", "zeros and a 1 before a unit, as in a byte stream");
        /// Forbidden zero bit.
        FORBIDDEN = Field::new("forbidden_zero_bit", "always 0");
        /// Reserved zero bit.
        RESERVED = Field::new("nuh_reserved_zero_bit", "always 0");
        /// Importance of an AVC unit.
        REF_IDC = Field::new("nal_ref_idc", "0 when no other picture needs this one");
        /// Type of an AVC unit.
        AVC_TYPE = Field::new("avc_nal_unit_type", "what the unit holds").numbers(avc_name);
        /// Type of an HEVC unit.
        HEVC_TYPE = Field::new("hevc_nal_unit_type", "what the unit holds").numbers(hevc_name);
        /// Layer.
        LAYER_ID = Field::new("nuh_layer_id", "layer that the unit belongs to");
        /// Type of a VVC unit.
        VVC_TYPE = Field::new("vvc_nal_unit_type", "what the unit holds").numbers(vvc_name);
        /// Temporal layer.
        TEMPORAL_ID = Field::new("nuh_temporal_id_plus1", "temporal layer, plus 1");
        /// Payload of a unit with a picture.
        NAL_PAYLOAD = Field::new("nal_payload", "the coded picture").content(Content::Media);
        /// Payload of a unit that is not decoded.
        PARAMETERS = Field::new("nal_parameters", "a unit that is not decoded").content(Content::Undecoded);
        /// Payload of a unit without meaning.
        UNSPECIFIED = Field::new("nal_unspecified", "a unit of a type that is reserved or left to applications")
            .content(Content::Undescribed);
        /// Unit of an extension of AVC.
        SCALABLE = Field::new("nal_scalable", "a unit of scalable or multiview coding, which AVC decoders pass over")
            .content(Content::Undescribed);
        /// Filler.
        FILLER = Field::new("filler", "bytes without meaning, for a constant bit rate");
        /// AVC access unit delimiter.
        AVC_PRIMARY_PIC_TYPE = Field::new("primary_pic_type", "slice types that the picture may have")
            .numbers(avc_primary_pic_name);
        /// VVC access unit delimiter.
        VVC_RANDOM_ACCESS = Field::new("aud_irap_or_gdr_flag", "decoding can start here");
        /// HEVC access unit delimiter.
        HEVC_PIC_TYPE = Field::new("pic_type", "slice types that the picture may have").numbers(hevc_pic_name);
        /// Data of a slice.
        SLICE_DATA = Field::new("slice_data", "the rest of the slice").content(Content::Media);
        /// Rest of a parameter set.
        MORE_PARAMETERS = Field::new("more_parameters", "parameters that are not decoded").content(Content::Undecoded);
        /// Extensions.
        EXTENSION_DATA = Field::new("extension_data", "data of extensions to come").content(Content::Undescribed);
        /// Trailing bits.
        TRAILING = Field::new("rbsp_trailing_bits", "a bit 1 and bits 0 up to the end");
    }
}
