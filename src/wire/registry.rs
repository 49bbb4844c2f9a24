//! The list of every field table, for people who ask which fields exist.

use crate::field::{EMULATION_PREVENTION, Field};

use super::{
    aggregate, amf0, amf3, audio, body, chunk, codec, command, control, data, enhanced, format, handshake,
    shared_object, user, video,
};

/// Every table with the name of its structure. Members of AMF objects and arguments of commands stand in the tables,
/// too.
pub fn tables() -> Vec<(&'static str, &'static [&'static Field])> {
    vec![
        ("handshake", handshake::f::TABLE),
        ("chunk_header", chunk::f::TABLE),
        ("control", control::f::TABLE),
        ("user_control", user::f::TABLE),
        ("command", command::f::TABLE),
        ("connect", command::connect::f::TABLE),
        ("info", command::info::f::TABLE),
        ("data", data::f::TABLE),
        ("data_event", data::events::f::TABLE),
        ("metadata", data::metadata::f::TABLE),
        ("shared_object", shared_object::f::TABLE),
        ("aggregate", aggregate::f::TABLE),
        ("audio", audio::f::TABLE),
        ("video", video::f::TABLE),
        ("enhanced", enhanced::f::TABLE),
        ("enhanced_metadata", enhanced::colour::f::TABLE),
        ("enhanced_transport", enhanced::transport::f::TABLE),
        ("channel_layout", enhanced::channels::f::TABLE),
        ("audio_codec", codec::audio::f::TABLE),
        ("aac", codec::audio::aac::f::TABLE),
        ("aac_other", codec::audio::aac::other_f::TABLE),
        ("aac_usac", codec::audio::aac::usac_f::TABLE),
        ("aac_program", codec::audio::aac::program::f::TABLE),
        ("opus", codec::audio::opus::f::TABLE),
        ("flac", codec::audio::flac::f::TABLE),
        ("ac3", codec::audio::dolby::f::TABLE),
        ("mpeg_audio", codec::audio::mpeg::f::TABLE),
        ("format", format::f::TABLE),
        ("amf0", amf0::f::TABLE),
        ("amf3", amf3::f::TABLE),
        ("body", body::f::TABLE),
        ("bits", BITS),
        ("codec", codec::f::TABLE),
        ("picture", codec::picture::f::TABLE),
        ("nal_unit", codec::nal::f::TABLE),
        ("sei", codec::sei::f::TABLE),
        ("sei_display", codec::sei::display_f::TABLE),
        ("sei_hdr10plus", codec::sei::hdr10plus_f::TABLE),
        ("sei_stream", codec::sei::stream_f::TABLE),
        ("vui", codec::vui::f::TABLE),
        ("avc", codec::avc::f::TABLE),
        ("avc_pps", codec::avc::pps::f::TABLE),
        ("avc_sps", codec::avc::sps::f::TABLE),
        ("hevc", codec::hevc::f::TABLE),
        ("hevc_vps", codec::hevc::vps::f::TABLE),
        ("hevc_pps", codec::hevc::pps::f::TABLE),
        ("hevc_hrd", codec::hevc::hrd::f::TABLE),
        ("hevc_sps", codec::hevc::sps::f::TABLE),
        ("av1", codec::av1::f::TABLE),
        ("av1_sequence", codec::av1::sequence_f::TABLE),
        ("av1_metadata", codec::av1::metadata_f::TABLE),
        ("vvc_vps", codec::vvc::vps_f::TABLE),
        ("vvc_profile", codec::vvc::profile_f::TABLE),
        ("vvc_sps", codec::vvc::sps_f::TABLE),
        ("vvc_tools", codec::vvc::tools_f::TABLE),
        ("vvc_references", codec::vvc::references_f::TABLE),
        ("vvc_hrd", codec::vvc::hrd_f::TABLE),
        ("vvc_pps", codec::vvc::pps_f::TABLE),
        ("vvc_aps", codec::vvc::aps_f::TABLE),
        ("vp", codec::vp::f::TABLE),
        ("vvc", codec::vvc::f::TABLE),
    ]
}

/// What every bit stream may hold.
static BITS: &[&Field] = &[&EMULATION_PREVENTION];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Names, Secrecy};
    use crate::wire::command::KNOWN;
    use crate::wire::data::HANDLERS;

    fn all() -> Vec<&'static Field> {
        tables().iter().flat_map(|(_, table)| table.iter().copied()).collect()
    }

    #[test]
    fn every_field_that_another_one_names_is_listed() {
        let all = all();
        let listed = |field: &Field| all.iter().any(|f| std::ptr::eq(*f, field));
        for field in &all {
            for member in field.members.iter().copied().chain(field.others) {
                assert!(listed(member), "{} of {}", member.name, field.name);
            }
        }
        for known in KNOWN {
            for field in [known.object, known.more, known.result_object] {
                assert!(listed(field), "{} of {}", field.name, known.name);
            }
            for field in [known.args, known.result, known.error].concat() {
                assert!(listed(field), "{} of {}", field.name, known.name);
            }
        }
        for handler in HANDLERS {
            assert!(handler.values.iter().all(|field| listed(field)), "{}", handler.name);
        }
    }

    #[test]
    fn every_field_says_what_it_is_once() {
        let all = all();
        for (i, field) in all.iter().enumerate() {
            assert!(!field.name.is_empty() && !field.about.is_empty() && !field.about.ends_with('.'), "{}", field.name);
            // JSON takes names as they are.
            assert!(
                field.name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\'),
                "{}",
                field.name
            );
            assert!(all.iter().skip(i + 1).all(|other| !std::ptr::eq(*other, *field)), "{} twice", field.name);
        }
        let mut names: Vec<_> = tables().iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), tables().len());
    }

    /// Names of members that carry stream names, URLs or tokens wherever they stand.
    #[test]
    fn what_travels_as_a_secret_is_marked() {
        for field in all() {
            let secret = matches!(
                field.name,
                "app" | "tcUrl" | "swfUrl" | "pageUrl" | "redirect" | "stream_name" | "description" | "details"
            ) || field.name.to_lowercase().contains("token")
                || field.name.contains("treamName");
            if secret {
                assert_ne!(field.secrecy, Secrecy::Open, "{}", field.name);
                assert!(matches!(field.names, Names::None), "{}: a label must not leak it", field.name);
            }
        }
    }
}
