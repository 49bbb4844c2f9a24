//! How often a filter matched and, where it never did, which part of it is to blame.

use super::check::Filter;
use super::eval::Node;
use super::parse::Expr;
use super::subject::Subject;

/// Counts matches.
#[derive(Clone, Debug)]
pub struct Tally {
    filter: Filter,
    asked: u64,
    matched: u64,
    /// How often each condition that must hold did, counted until all of them do at once.
    parts: Vec<u64>,
}

impl Tally {
    /// Counts the matches of this filter.
    pub fn new(filter: Filter) -> Tally {
        let parts = vec![0; conjuncts(&filter.root).len()];
        Tally { filter, asked: 0, matched: 0, parts }
    }

    /// Does the filter match? Counts what it is asked.
    pub fn matches(&mut self, subject: &impl Subject) -> bool {
        self.asked += 1;
        let matches = if self.matched > 0 {
            // Nobody will ask any more which part never holds.
            self.filter.matches(subject)
        } else {
            let parts = conjuncts(&self.filter.root).iter().zip(&mut self.parts);
            parts.fold(true, |all, (node, count)| {
                let holds = node.holds(subject);
                *count += u64::from(holds);
                all && holds
            })
        };
        self.matched += u64::from(matches);
        matches
    }

    /// The filter.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// How many were asked.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// How many matched.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// Why nothing matched, in words; none when something did.
    pub fn complaint(&self) -> Option<String> {
        if self.matched > 0 {
            return None;
        }
        let head = format!("the filter matches nothing: 0 of {} match", self.asked);
        if self.asked == 0 {
            return Some(head);
        }
        let single = [self.filter.expr().clone()];
        let said = if let Expr::All(parts) = self.filter.expr() { parts.as_slice() } else { &single };
        let parts: Vec<(&Expr, u64)> = said.iter().zip(self.parts.iter().copied()).collect();
        let never: Vec<String> = parts.iter().filter(|(_, n)| *n == 0).map(|(part, _)| part.to_string()).collect();
        Some(match never.as_slice() {
            [] => {
                let counts: Vec<String> = parts.iter().map(|(part, n)| format!("{part} for {n}")).collect();
                format!("{head}; each part is true for some, never all at once: {}", counts.join(", "))
            }
            [part] => format!("{head}; never true: {part}"),
            parts => format!("{head}; never true: {}", parts.join("; ")),
        })
    }
}

/// The conditions that must all hold.
fn conjuncts(root: &Node) -> &[Node] {
    if let Node::All(nodes) = root { nodes } else { std::slice::from_ref(root) }
}
