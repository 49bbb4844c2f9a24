//! The kernel's rules that bring connections to a transparent proxy, as commands. Everything is in tables and chains of
//! our own, so that undoing touches nothing else.

use super::args::{SetupArgs, Tool, Transparent};
use crate::proxy::MARK;

/// A command to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) command: Vec<String>,
    /// What it reads, if anything.
    pub(super) input: Option<String>,
    /// Whether it may fail: what it takes away may not be there.
    pub(super) may_fail: bool,
}

/// Mark of packets that are to be delivered here though their address is elsewhere, and the table that says so.
const DELIVER: &str = "0x72740001";
const TABLE: &str = "19350";
const CHAIN: &str = "RTMPSCOPE";
const NEW: &str = "RTMPSCOPE-NEW";
const FAMILIES: [(&str, &str); 2] = [("iptables -w", "ip"), ("ip6tables -w", "ip6")];
const OUTPUT_CHAIN: &str = "RTMPSCOPE-OUT";

/// The steps that put the rules in place; doing them twice is the same as doing them once.
pub(super) fn apply(args: &SetupArgs) -> Vec<Step> {
    let mut steps = match args.tool {
        Tool::Nft => vec![nft(&table(args))],
        Tool::Iptables => {
            let mut steps = undo(args);
            steps.extend(FAMILIES.map(|(tool, family)| mark_new_table(tool, family, table_of(args.mode))));
            steps.extend(both_families(|tool| iptables(args, tool)));
            steps
        }
    };
    if args.mode == Transparent::Tproxy {
        if args.tool == Tool::Nft {
            steps.extend(routes("del"));
        }
        steps.extend(routes("add"));
    }
    steps
}

/// The steps that take them away, whether they are there or not.
pub(super) fn undo(args: &SetupArgs) -> Vec<Step> {
    let mut steps = match args.tool {
        // Adding first makes deleting succeed in any case.
        Tool::Nft => vec![nft("add table inet rtmpscope\ndelete table inet rtmpscope\n")],
        Tool::Iptables => both_families(|tool| {
            let table = table_of(args.mode);
            let gone = |table, hook, chain| {
                let steps = [format!("-D {hook} -j {chain}"), format!("-F {chain}"), format!("-X {chain}")];
                steps.map(|step| format!("{tool} -t {table} {step}"))
            };
            let mut lines = gone(table, "PREROUTING", CHAIN).to_vec();
            if args.mode == Transparent::Redirect {
                lines.extend(gone("nat", "OUTPUT", OUTPUT_CHAIN));
            }
            lines
        })
        .into_iter()
        .chain(FAMILIES.map(|(tool, family)| drop_new_table(tool, family, table_of(args.mode))))
        .map(|step| Step { may_fail: true, ..step })
        .collect(),
    };
    if args.mode == Transparent::Tproxy {
        steps.extend(routes("del"));
    }
    steps
}

fn table_of(mode: Transparent) -> &'static str {
    match mode {
        Transparent::Redirect => "nat",
        Transparent::Tproxy => "mangle",
    }
}

/// The whole table in one transaction that replaces an earlier one.
fn table(args: &SetupArgs) -> String {
    let ports: Vec<String> = args.port.iter().map(ToString::to_string).collect();
    let what = format!("tcp dport {{ {} }}", ports.join(", "));
    let coming = args.interface.as_ref().map_or(String::new(), |name| format!("iifname \"{name}\" "));
    let to = args.to;
    let mut text = "add table inet rtmpscope\ndelete table inet rtmpscope\ntable inet rtmpscope {\n".to_owned();
    match args.mode {
        Transparent::Redirect => {
            text += "  chain prerouting {\n    type nat hook prerouting priority dstnat; policy accept;\n";
            text += &format!("    {coming}{what} redirect to :{to}\n  }}\n");
            if args.same_host {
                text += "  chain output {\n    type nat hook output priority -100; policy accept;\n";
                text += &format!("    meta mark {MARK:#x} accept\n");
                if let Some(user) = &args.own_user {
                    text += &format!("    meta skuid \"{user}\" accept\n");
                }
                text += &format!("    {what} redirect to :{to}\n  }}\n");
            }
        }
        Transparent::Tproxy => {
            text += "  chain prerouting {\n    type filter hook prerouting priority mangle; policy accept;\n";
            text += &format!("    meta l4proto tcp socket transparent 1 meta mark set {DELIVER} accept\n");
            text += &format!("    {coming}{what} tproxy to :{to} meta mark set {DELIVER} accept\n  }}\n");
        }
    }
    text + "}\n"
}

fn iptables(args: &SetupArgs, tool: &str) -> Vec<String> {
    let ports: Vec<String> = args.port.iter().map(ToString::to_string).collect();
    let what = format!("-p tcp -m multiport --dports {}", ports.join(","));
    let coming = args.interface.as_ref().map_or(String::new(), |name| format!("-i {name} "));
    let (to, table) = (args.to, table_of(args.mode));
    let mut lines = vec![format!("{tool} -t {table} -N {CHAIN}")];
    match args.mode {
        Transparent::Redirect => {
            lines.push(format!("{tool} -t nat -A {CHAIN} {coming}{what} -j REDIRECT --to-ports {to}"));
            if args.same_host {
                lines.push(format!("{tool} -t nat -N {OUTPUT_CHAIN}"));
                lines.push(format!("{tool} -t nat -A {OUTPUT_CHAIN} -m mark --mark {MARK:#x} -j RETURN"));
                if let Some(user) = &args.own_user {
                    lines.push(format!("{tool} -t nat -A {OUTPUT_CHAIN} -m owner --uid-owner {user} -j RETURN"));
                }
                lines.push(format!("{tool} -t nat -A {OUTPUT_CHAIN} {what} -j REDIRECT --to-ports {to}"));
                lines.push(format!("{tool} -t nat -A OUTPUT -j {OUTPUT_CHAIN}"));
            }
        }
        Transparent::Tproxy => {
            let ours = "-p tcp -m socket --transparent";
            lines.push(format!("{tool} -t mangle -A {CHAIN} {ours} -j MARK --set-mark {DELIVER}"));
            lines.push(format!("{tool} -t mangle -A {CHAIN} {ours} -j ACCEPT"));
            lines.push(format!(
                "{tool} -t mangle -A {CHAIN} {coming}{what} -j TPROXY --on-port {to} --tproxy-mark {DELIVER}"
            ));
        }
    }
    lines.push(format!("{tool} -t {table} -A PREROUTING -j {CHAIN}"));
    lines
}

fn both_families(lines: impl Fn(&str) -> Vec<String>) -> Vec<Step> {
    FAMILIES.iter().flat_map(|(tool, _)| lines(tool)).map(|line| step(&line)).collect()
}

/// iptables on nftables makes a whole table for its first rule and leaves it there: a chain remembers that it was new.
fn mark_new_table(tool: &str, family: &str, table: &str) -> Step {
    script(&format!("nft list table {family} {table} >/dev/null 2>&1 || {tool} -t {table} -N {NEW}"))
}

/// Takes such a table away, unless somebody else has put something into it meanwhile.
fn drop_new_table(tool: &str, family: &str, table: &str) -> Step {
    let empty = format!("! {tool} -t {table} -S | grep -qv '^-P .* ACCEPT'");
    script(&format!("{tool} -t {table} -X {NEW} 2>/dev/null && {empty} && nft delete table {family} {table}"))
}

fn script(text: &str) -> Step {
    let command = ["sh", "-c", text].map(str::to_owned).to_vec();
    Step { command, input: None, may_fail: false }
}

/// Delivers marked packets here.
fn routes(what: &str) -> Vec<Step> {
    ["-4", "-6"]
        .iter()
        .flat_map(|family| {
            [
                format!("ip {family} rule {what} fwmark {DELIVER} lookup {TABLE}"),
                format!("ip {family} route {what} local default dev lo table {TABLE}"),
            ]
        })
        .map(|line| Step { may_fail: what == "del", ..step(&line) })
        .collect()
}

fn nft(script: &str) -> Step {
    Step { input: Some(script.to_owned()), ..step("nft -f -") }
}

fn step(line: &str) -> Step {
    Step { command: line.split(' ').map(str::to_owned).collect(), input: None, may_fail: false }
}

impl Step {
    /// As a shell would take it.
    pub(super) fn shell(&self) -> String {
        let line = match &self.command[..] {
            [sh, _, script] if sh == "sh" => script.clone(),
            command => command.join(" "),
        };
        match &self.input {
            Some(input) => format!("{line} <<'END'\n{input}END"),
            None if self.may_fail => format!("{line} 2>/dev/null || true"),
            None => line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(tool: Tool, mode: Transparent) -> SetupArgs {
        let (print, apply, undo) = (true, false, false);
        let (interface, own_user) = (Some("eth0".to_owned()), Some("scope".to_owned()));
        SetupArgs {
            print,
            apply,
            undo,
            mode,
            tool,
            port: vec![1935, 443],
            to: 1936,
            interface,
            same_host: true,
            own_user,
        }
    }

    fn text(steps: &[Step]) -> String {
        steps.iter().map(|step| step.shell() + "\n").collect()
    }

    #[test]
    fn own_traffic_is_left_alone_before_anything_is_redirected() {
        for tool in [Tool::Nft, Tool::Iptables] {
            let rules = text(&apply(&args(tool, Transparent::Redirect)));
            let output = rules.find("hook output").or(rules.find("-N RTMPSCOPE-OUT")).unwrap();
            let rules = &rules[output..];
            let place = |what: &str| rules.find(what).unwrap_or_else(|| panic!("{what} in {rules}"));
            assert!(place(&format!("{MARK:#x}")) < place("1936"), "{rules}");
            assert!(place("scope") < place("1936"), "{rules}");
        }
    }

    #[test]
    fn only_tables_chains_and_rules_of_our_own_are_deleted() {
        for tool in [Tool::Nft, Tool::Iptables] {
            for mode in [Transparent::Redirect, Transparent::Tproxy] {
                for step in undo(&args(tool, mode)) {
                    let line = step.shell();
                    let ours = ["rtmpscope", "RTMPSCOPE", "19350"].iter().any(|name| line.contains(name));
                    assert!(ours, "{line}");
                    assert!(!line.contains("flush"), "{line}");
                }
            }
        }
    }
}
