use super::*;
use crate::field::{FaultKind, Node, Tree, Unit};

fn text(s: &str) -> Amf {
    Amf::String(s.into())
}

fn object(members: &[(&str, Amf)]) -> Amf {
    Amf::Object(members.iter().map(|(k, v)| ((*k).into(), v.clone())).collect())
}

fn body(handler: &str, values: &[Amf]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let data = Data { handler: handler.into(), values: values.to_vec() };
    data.write(&mut bytes);
    assert_eq!(Data::read(&mut Reader::quiet(&bytes), MessageType::DATA), (data, Ok(())));
    bytes
}

fn tree(bytes: &[u8]) -> Tree {
    let tree = Tree::explain(bytes, |r| Data::read(r, MessageType::DATA).1);
    assert_eq!(tree.leaves().map(|n| n.bits.len).sum::<u32>() as usize, bytes.len() * 8);
    tree
}

fn node<'a>(tree: &'a Tree, name: &str) -> &'a Node {
    tree.nodes().iter().find(|n| n.field.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The groups below the message, by name.
fn roles(tree: &Tree) -> Vec<&'static str> {
    tree.nodes().iter().filter(|n| n.depth == 1).map(|n| n.field.name).collect()
}

#[test]
fn metadata_has_units_and_names() {
    let track = object(&[("videocodecid", Amf::Number(1_635_135_537.0))]);
    let metadata = object(&[
        ("width", Amf::Number(1920.0)),
        ("videocodecid", Amf::Number(7.0)),
        ("audiocodecid", Amf::Number(1_332_770_163.0)),
        ("videoTrackIdInfoMap", object(&[("1", track)])),
        ("own", Amf::Null),
    ]);
    let published = body("@setDataFrame", &[text("onMetaData"), metadata.clone()]);
    let tree_ = tree(&published);
    assert_eq!(roles(&tree_), ["handler", "inner_handler", "metadata"]);
    assert_eq!(node(&tree_, "width").field.unit, Unit::Pixels);
    let labels: Vec<_> = tree_.nodes().iter().filter(|n| n.field.name.ends_with("codecid")).collect();
    let labels: Vec<_> = labels.iter().map(|n| n.field.label(n.value, &published).unwrap()).collect();
    assert_eq!(labels, ["AVC (H.264)", "Opus", "AV1"]);
    let played = body("onMetaData", std::slice::from_ref(&metadata));
    assert_eq!(roles(&tree(&played)), ["handler", "metadata"]);
    for bytes in [&published, &played] {
        let (data, _) = Data::read(&mut Reader::quiet(bytes), MessageType::DATA);
        assert_eq!(data.metadata(), Some(&metadata));
        assert_eq!(data.inner().0, "onMetaData");
    }
}

#[test]
fn handlers_name_their_values() {
    let access = body("|RtmpSampleAccess", &[Amf::Boolean(true), Amf::Boolean(true), Amf::Null]);
    assert_eq!(roles(&tree(&access)), ["handler", "audio_access", "video_access", "data_value"]);
    let complete = body("onPlayStatus", &[object(&[("code", text("NetStream.Play.Complete"))])]);
    let tree_ = tree(&complete);
    let code = node(&tree_, "code");
    let meaning = code.field.label(code.value, &complete);
    assert_eq!(meaning.as_deref(), Some("the file or playlist was played to its end"));
    assert_eq!(roles(&tree(&body("mine", &[Amf::Null]))), ["handler", "data_value"]);
    assert_eq!(roles(&tree(&body("@clearDataFrame", &[text("onMetaData")]))), ["handler", "inner_handler"]);
}

#[test]
fn the_format_byte_of_type_15_may_be_missing() {
    let bytes = body("onMetaData", &[Amf::Null]);
    let with_byte = [&[0], &bytes[..]].concat();
    for (bytes, remarks) in [(&with_byte, 0), (&bytes, 1)] {
        let (data, result) = Data::read(&mut Reader::quiet(bytes), MessageType::DATA_AMF3);
        assert_eq!((&*data.handler, result), ("onMetaData", Ok(())));
        let tree = Tree::explain(bytes, |r| Data::read(r, MessageType::DATA_AMF3).1);
        assert_eq!(tree.remarks().len(), remarks);
    }
}

#[test]
fn an_empty_message_is_legal_and_a_cut_one_keeps_what_it_has() {
    assert_eq!(Data::read(&mut Reader::quiet(&[]), MessageType::DATA), (Data::default(), Ok(())));
    let bytes = body("onMetaData", &[object(&[("width", Amf::Number(2.0)), ("stereo", Amf::Boolean(true))])]);
    let (data, result) = Data::read(&mut Reader::quiet(&bytes[..bytes.len() - 4]), MessageType::DATA);
    assert_eq!(result.map_err(|f| f.kind), Err(FaultKind::Short(1)));
    assert_eq!(data.metadata(), Some(&object(&[("width", Amf::Number(2.0))])));
}

#[test]
fn the_vocabulary_has_every_handler_once() {
    for (i, h) in HANDLERS.iter().enumerate() {
        assert!(HANDLERS.iter().skip(i + 1).all(|other| other.name != h.name), "{}", h.name);
    }
}
