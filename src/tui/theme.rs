//! How things look: roles to styles, for terminals of any depth, light and dark, and the glyphs of each.
//!
//! No meaning is carried by colour alone: what a colour says is also said by a word, a sign, weight or reversal.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Role {
    Text,
    Faint,
    Strong,
    Name,
    Value,
    Bar,
    BarActive,
    Title,
    TitleActive,
    Selected,
    SelectedElsewhere,
    Linked,
    Match,
    Info,
    Warning,
    Error,
    Good,
    Audio,
    Video,
    Command,
    Header,
    Foreign,
    Key,
}

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: weight and reversal only.
    Mono,
    /// The sixteen that a user chose.
    Sixteen,
    /// The cube of 256.
    Indexed,
    /// Any.
    True,
}

/// The background that colours have to be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
}

/// A theme: colours and glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Colours of the terminal.
    pub depth: Depth,
    /// Its background.
    pub ground: Ground,
    /// Only characters that every terminal has.
    pub ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Theme { depth: Depth::Sixteen, ground: Ground::Dark, ascii: false }
    }
}

/// A hue: as one of sixteen, and on dark and light ground as one of 256 and as any.
type Hue = (Color, [(u8, (u8, u8, u8)); 2]);

/// The plain blue of sixteen colours is hard to read on black: see [`Theme::hue`].
const BLUE: Hue = (Color::Blue, [(75, (97, 175, 239)), (25, (0, 92, 175))]);
const CYAN: Hue = (Color::Cyan, [(80, (86, 182, 194)), (30, (0, 119, 128))]);
const GREEN: Hue = (Color::Green, [(114, (152, 195, 121)), (28, (40, 122, 40))]);
const YELLOW: Hue = (Color::Yellow, [(180, (229, 192, 123)), (94, (140, 95, 0))]);
const RED: Hue = (Color::Red, [(203, (240, 100, 110)), (160, (190, 20, 30))]);
const MAGENTA: Hue = (Color::Magenta, [(176, (198, 120, 221)), (90, (130, 40, 140))]);
const GREY: Hue = (Color::DarkGray, [(245, (140, 146, 156)), (243, (110, 114, 120))]);

impl Theme {
    /// How a role looks.
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        if self.depth == Depth::Mono {
            // What is faint beside it is not faint in a selected row: the row is one bar.
            let whole = if role == Role::Selected { Modifier::DIM } else { Modifier::empty() };
            return plain.add_modifier(mono(role)).remove_modifier(whole);
        }
        match role {
            Role::Text | Role::Value => plain,
            Role::Faint | Role::Foreign => self.faint(),
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Name => plain.fg(self.hue(CYAN)),
            Role::Bar => plain.add_modifier(Modifier::REVERSED | Modifier::DIM),
            Role::BarActive => plain.add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Role::Title => self.faint().add_modifier(Modifier::UNDERLINED),
            Role::TitleActive => plain.fg(self.hue(BLUE)).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            // One bar, whatever colours stand in the row.
            Role::Selected => plain.fg(Color::Reset).add_modifier(Modifier::REVERSED).remove_modifier(Modifier::DIM),
            Role::SelectedElsewhere => plain.add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
            Role::Linked => plain.fg(self.hue(YELLOW)).add_modifier(Modifier::REVERSED),
            Role::Match => plain.fg(self.hue(MAGENTA)).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Info => plain.fg(self.hue(BLUE)),
            Role::Warning => plain.fg(self.hue(YELLOW)),
            Role::Error => plain.fg(self.hue(RED)).add_modifier(Modifier::BOLD),
            Role::Good => plain.fg(self.hue(GREEN)),
            Role::Audio => plain.fg(self.hue(GREEN)),
            Role::Video => plain.fg(self.hue(BLUE)),
            Role::Command => plain.add_modifier(Modifier::BOLD),
            Role::Header => plain.fg(self.hue(MAGENTA)),
            Role::Key => plain.fg(self.hue(CYAN)).add_modifier(Modifier::BOLD),
        }
    }

    /// Palettes of sixteen colours often have no grey that can be read on both grounds.
    fn faint(&self) -> Style {
        match self.depth {
            Depth::Sixteen => Style::new().add_modifier(Modifier::DIM),
            _ => Style::new().fg(self.hue(GREY)),
        }
    }

    fn hue(&self, (sixteen, grounds): Hue) -> Color {
        let [dark, light] = grounds;
        let (indexed, (r, g, b)) = if self.ground == Ground::Light { light } else { dark };
        match self.depth {
            Depth::Mono => Color::Reset,
            Depth::Sixteen if sixteen == Color::Blue && self.ground == Ground::Dark => Color::LightBlue,
            Depth::Sixteen => sixteen,
            Depth::Indexed => Color::Indexed(indexed),
            Depth::True => Color::Rgb(r, g, b),
        }
    }

    /// One of two texts: for terminals with all characters, or with ASCII only.
    pub fn glyph<'a>(&self, full: &'a str, ascii: &'a str) -> &'a str {
        if self.ascii { ascii } else { full }
    }

    /// A column of a small chart: 0 is empty, 8 is full.
    pub fn bar(&self, height: u32) -> char {
        const FULL: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        const ASCII: [char; 9] = [' ', '.', '.', ':', ':', '|', '|', '#', '#'];
        let bars = if self.ascii { ASCII } else { FULL };
        bars.get(height as usize).copied().unwrap_or('#')
    }
}

fn mono(role: Role) -> Modifier {
    match role {
        Role::Text | Role::Value | Role::Info | Role::Name | Role::Audio | Role::Video | Role::Good => {
            Modifier::empty()
        }
        Role::Faint | Role::Foreign => Modifier::DIM,
        Role::Strong | Role::Command | Role::Key | Role::Warning => Modifier::BOLD,
        Role::Bar | Role::Selected | Role::Linked => Modifier::REVERSED,
        Role::BarActive => Modifier::REVERSED.union(Modifier::BOLD),
        Role::Title => Modifier::UNDERLINED,
        Role::TitleActive => Modifier::UNDERLINED.union(Modifier::BOLD),
        Role::SelectedElsewhere | Role::Match => Modifier::UNDERLINED.union(Modifier::BOLD),
        Role::Error => Modifier::BOLD.union(Modifier::UNDERLINED),
        Role::Header => Modifier::ITALIC,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_colours_gets_none() {
        let theme = Theme { depth: Depth::Mono, ..Theme::default() };
        for role in [Role::Text, Role::Error, Role::Linked, Role::Header, Role::Audio, Role::Selected] {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        // What has to stand out does so without colour.
        assert_ne!(theme.style(Role::Selected), theme.style(Role::Text));
        assert_ne!(theme.style(Role::Error), theme.style(Role::Warning));
        assert_ne!(theme.style(Role::Warning), theme.style(Role::Text));
    }
}
