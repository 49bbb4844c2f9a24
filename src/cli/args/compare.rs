//! What the user types to compare.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::SelectArgs;

/// How to read what is compared.
#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct CompareArgs {
    /// Keep what the canonical form leaves out, as in ts=exact (repeatable): handshake=full, chunks=exact, ids=exact,
    /// ts=exact, amf.order=exact, text=exact, media=sizes, media=hash
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Comparison")]
    pub(in crate::cli) strict: Vec<String>,
    /// A rule (repeatable): `ignore PATH`, `exact PATH` or PATH=TOLERANCE, as in video.kbps=10%
    #[arg(long, value_name = "RULE", help_heading = "Comparison")]
    pub(in crate::cli) rule: Vec<String>,
    /// Rules from a TOML file
    #[arg(long, value_name = "FILE", help_heading = "Comparison")]
    pub(in crate::cli) rules: Option<PathBuf>,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = DiffFormat::Text, value_name = "FORMAT", help_heading = "Output")]
    pub(in crate::cli) format: DiffFormat,
    /// End with 0 also when a side is damaged or incomplete and nothing else differs
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) allow_partial: bool,
    #[command(flatten)]
    pub(in crate::cli) select: SelectArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DiffFormat {
    /// In words
    Text,
    /// One JSON document
    Json,
    /// JUnit XML: a test case per lane
    Junit,
    /// A Markdown summary
    Markdown,
    /// Annotations of GitHub Actions
    Github,
}

#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct DiffArgs {
    /// A capture, an export or a golden file
    #[arg(value_name = "A")]
    pub(in crate::cli) a: PathBuf,
    /// What to compare it with
    #[arg(value_name = "B")]
    pub(in crate::cli) b: PathBuf,
    /// A table of lanes instead of details
    #[arg(long, conflicts_with = "side_by_side")]
    pub(in crate::cli) stat: bool,
    /// Details in two columns
    #[arg(long)]
    pub(in crate::cli) side_by_side: bool,
    #[command(flatten)]
    pub(in crate::cli) compare: CompareArgs,
}

#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct VerifyArgs {
    /// Captures or exports, or a folder of them
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// The golden file, or a folder with NAME.golden for each NAME.pcap; what differs is written beside it as .new
    #[arg(long, value_name = "GOLDEN")]
    pub(in crate::cli) golden: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) compare: CompareArgs,
}
