//! Colours, sizes and spacing from `assets/theme.ron`, and how egui's own widgets use them.

use eframe::egui::{self, Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Theme, Visuals};
use serde::Deserialize;

use crate::util::{Context as _, Error, Result};

/// The tokens' file.
const FILE: &str = include_str!("../../assets/theme.ron");

/// All tokens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// Sizes of text.
    pub type_scale: TypeScale,
    /// All sizes are so many times larger for a projector.
    pub presentation: f32,
    /// How much larger than written down these are: 1, or that.
    #[serde(skip, default = "as_written")]
    pub zoom: f32,
    /// The unit of every gap, in points.
    pub unit: f32,
    /// Warm paper.
    pub light: Palette,
    /// Deep slate.
    pub dark: Palette,
}

fn as_written() -> f32 {
    1.0
}

/// Sizes of text in points.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct TypeScale {
    pub small: f32,
    pub body: f32,
    pub heading: f32,
    pub display: f32,
}

/// The colours of one theme; what each is for stands in the tokens' file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in the tokens' file")]
pub struct Palette {
    pub ground: Colour,
    pub panel: Colour,
    pub paper: Colour,
    pub button: Colour,
    pub button_hover: Colour,
    pub button_press: Colour,
    pub rule: Colour,
    pub ink: Colour,
    pub faint: Colour,
    pub accent: Colour,
    pub on_accent: Colour,
    pub accent_wash: Colour,
    pub good: Colour,
    pub warning: Colour,
    pub error: Colour,
    pub shadow: Colour,
    pub plot_raw: Colour,
    pub plot_test: Colour,
    pub plot_stop: Colour,
    pub plot_runs: Vec<Colour>,
    pub strokes: Vec<Colour>,
}

/// A colour, written "#RRGGBB" or "#RRGGBBAA".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(Color32);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Color32::from_hex(&text).map(Self).map_err(|_| format!("'{text}' is not a colour like #1B5E9B"))
    }
}

impl From<Colour> for Color32 {
    fn from(colour: Colour) -> Self {
        colour.0
    }
}

impl Palette {
    /// The colour of a stroke by its order.
    pub fn stroke(&self, order: usize) -> Color32 {
        self.strokes.get(order % self.strokes.len().max(1)).copied().unwrap_or(self.ink).0
    }

    /// The colour of another run on the plot, by its place.
    pub fn plot_run(&self, place: usize) -> Color32 {
        self.plot_runs.get(place % self.plot_runs.len().max(1)).copied().unwrap_or(self.ink).0
    }
}

/// What a colour is called, for those who cannot see it beside its name.
pub fn colour_word(colour: Color32) -> &'static str {
    const GREY_BELOW: f32 = 0.25;
    const DARK_BELOW: f32 = 150.0;
    /// Where on the circle of hues, in degrees, each ends.
    const HUES: [(f32, &str); 8] = [
        (15.0, "red"),
        (40.0, "orange"),
        (70.0, "yellow"),
        (170.0, "green"),
        (195.0, "turquoise"),
        (240.0, "blue"),
        (290.0, "violet"),
        (340.0, "pink"),
    ];
    let [r, g, b, _] = colour.to_srgba_unmultiplied().map(f32::from);
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    let range = high - low;
    if range <= GREY_BELOW * high {
        return "grey";
    }
    let sixths = if r == high {
        ((g - b) / range).rem_euclid(6.0)
    } else if g == high {
        (b - r) / range + 2.0
    } else {
        (r - g) / range + 4.0
    };
    match HUES.iter().find(|(end, _)| sixths * 60.0 < *end) {
        Some(&(_, "yellow")) if high < DARK_BELOW => "brown",
        Some(&(_, word)) => word,
        None => "red",
    }
}

impl Tokens {
    /// Reads them.
    ///
    /// # Errors
    /// If the file that is built in is broken, which a test holds it is not.
    pub fn load() -> Result<Self> {
        let tokens: Self = ron::from_str(FILE).context_at("cannot read the theme", "assets/theme.ron")?;
        if [&tokens.light, &tokens.dark].iter().any(|palette| palette.strokes.is_empty()) {
            return Err(Error::new("the theme has no colours for strokes").at("assets/theme.ron"));
        }
        Ok(tokens)
    }

    /// The same for a projector: larger type, gaps and ink.
    pub fn presented(&self) -> Self {
        let (TypeScale { small, body, heading, display }, zoom) = (self.type_scale, self.presentation);
        let type_scale = TypeScale { small: small * zoom, body: body * zoom, heading: heading * zoom, display: display * zoom };
        Self { type_scale, unit: self.unit * zoom, zoom: self.zoom * zoom, ..self.clone() }
    }

    /// The colours that are shown now.
    pub fn palette(&self, ctx: &egui::Context) -> &Palette {
        match ctx.theme() {
            Theme::Light => &self.light,
            Theme::Dark => &self.dark,
        }
    }

    /// A number of spacing units, in points.
    pub fn space(&self, units: f32) -> f32 {
        self.unit * units
    }

    /// Puts both themes into egui.
    pub fn apply(&self, ctx: &egui::Context) {
        for (theme, palette) in [(Theme::Light, &self.light), (Theme::Dark, &self.dark)] {
            let mut style = (*ctx.style_of(theme)).clone();
            self.style(&mut style, palette, theme);
            ctx.set_style_of(theme, style);
        }
    }

    fn style(&self, style: &mut egui::Style, palette: &Palette, theme: Theme) {
        let scale = self.type_scale;
        let proportional = |size| FontId::new(size, FontFamily::Proportional);
        style.text_styles = [
            (TextStyle::Small, proportional(scale.small)),
            (TextStyle::Body, proportional(scale.body)),
            (TextStyle::Button, proportional(scale.body)),
            (TextStyle::Heading, proportional(scale.heading)),
            (TextStyle::Monospace, FontId::new(scale.body, FontFamily::Monospace)),
            (display(), proportional(scale.display)),
        ]
        .into();
        // The same figures in a number that is typed in as anywhere else.
        style.drag_value_text_style = TextStyle::Button;
        let unit = self.unit;
        let small = unit as i8;
        style.spacing.item_spacing = egui::vec2(unit, unit);
        style.spacing.button_padding = egui::vec2(unit * 1.25, unit * 0.5);
        style.spacing.interact_size.y = unit * 3.5;
        style.spacing.menu_margin = Margin::same(small);
        style.spacing.window_margin = Margin::same(2 * small);
        style.spacing.slider_width = unit * 13.0;
        style.spacing.combo_width = unit * 12.0;
        style.spacing.text_edit_width = unit * 24.0;
        style.spacing.tooltip_width = unit * 40.0;
        style.spacing.icon_width = unit * 2.0;
        style.spacing.scroll = egui::style::ScrollStyle::thin();
        style.interaction.selectable_labels = false;
        style.visuals = visuals(palette, theme, unit);
    }
}

/// The largest size of text.
pub fn display() -> TextStyle {
    TextStyle::Name("display".into())
}

fn visuals(palette: &Palette, theme: Theme, unit: f32) -> Visuals {
    let mut visuals = match theme {
        Theme::Light => Visuals::light(),
        Theme::Dark => Visuals::dark(),
    };
    let radius = CornerRadius::same((unit * 0.75) as u8);
    let widgets = &mut visuals.widgets;
    let looks = [
        (&mut widgets.noninteractive, palette.panel, palette.rule, palette.ink),
        (&mut widgets.inactive, palette.button, palette.button, palette.ink),
        (&mut widgets.hovered, palette.button_hover, palette.faint, palette.ink),
        (&mut widgets.active, palette.button_press, palette.accent, palette.ink),
        (&mut widgets.open, palette.button_press, palette.faint, palette.ink),
    ];
    for (look, fill, edge, text) in looks {
        (look.bg_fill, look.weak_bg_fill) = (fill.0, fill.0);
        look.bg_stroke = Stroke::new(1.0, edge.0);
        look.fg_stroke = Stroke::new(1.0, text.0);
        look.corner_radius = radius;
        look.expansion = 0.0;
    }
    visuals.weak_text_color = Some(palette.faint.0);
    visuals.selection.bg_fill = palette.accent_wash.0;
    visuals.selection.stroke = Stroke::new(1.0, palette.accent.0);
    visuals.hyperlink_color = palette.accent.0;
    visuals.faint_bg_color = palette.panel.0;
    visuals.extreme_bg_color = palette.paper.0;
    visuals.code_bg_color = palette.button.0;
    visuals.warn_fg_color = palette.warning.0;
    visuals.error_fg_color = palette.error.0;
    visuals.panel_fill = palette.ground.0;
    visuals.window_fill = palette.ground.0;
    visuals.window_stroke = Stroke::new(1.0, palette.rule.0);
    visuals.window_corner_radius = CornerRadius::same(unit as u8);
    visuals.menu_corner_radius = radius;
    visuals.window_shadow.color = palette.shadow.0;
    visuals.popup_shadow.color = palette.shadow.0;
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = egui::style::HandleShape::Circle;
    visuals.disabled_alpha = 0.6;
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast: WCAG 2.2.
    fn contrast(a: Colour, b: Colour) -> f32 {
        let channel = |c: u8| match f32::from(c) / 255.0 {
            c if c <= 0.040_45 => c / 12.92,
            c => ((c + 0.055) / 1.055).powf(2.4),
        };
        let luminance = |Colour(c): Colour| 0.2126 * channel(c.r()) + 0.7152 * channel(c.g()) + 0.0722 * channel(c.b());
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_legible_and_lines_can_be_told_from_paper() {
        let tokens = Tokens::load().expect("built in");
        for (name, p) in [("light", &tokens.light), ("dark", &tokens.dark)] {
            let grounds = [("ground", p.ground), ("panel", p.panel), ("paper", p.paper)];
            let texts =
                [("ink", p.ink), ("faint", p.faint), ("accent", p.accent), ("error", p.error), ("good", p.good), ("warning", p.warning)];
            for (ground, behind) in grounds {
                for (text, colour) in texts {
                    assert!(contrast(colour, behind) >= 4.5, "{name}: {text} on {ground} {:.2}", contrast(colour, behind));
                }
                for line in [p.plot_test, p.plot_stop].iter().chain(&p.strokes).chain(&p.plot_runs) {
                    assert!(contrast(*line, behind) >= 3.0, "{name}: {line:?} on {ground} {:.2}", contrast(*line, behind));
                }
            }
            for behind in [p.button, p.button_hover, p.accent_wash] {
                assert!(contrast(p.ink, behind) >= 4.5, "{name}: ink on {behind:?}");
            }
            assert!(contrast(p.on_accent, p.accent) >= 4.5, "{name}: on accent");
            let runs = &p.plot_runs;
            assert!(runs.len() >= crate::studio::state::runs::MOST_PLOTTED, "{name}: a colour for each run on the plot");
            let others = [p.accent, p.plot_test, p.plot_stop];
            let twice = |(i, colour): (usize, &Colour)| runs[..i].contains(colour) || others.contains(colour);
            assert!(!runs.iter().enumerate().any(twice), "{name}: two lines on the plot have one colour");
            let words: Vec<_> = runs.iter().map(|colour| colour_word(colour.0)).collect();
            assert_eq!(words, ["pink", "violet", "turquoise", if name == "light" { "brown" } else { "yellow" }, "red", "grey"], "{name}");
            let own = [p.accent, p.plot_raw, p.plot_test, p.plot_stop].map(|colour| colour_word(colour.0));
            assert_eq!(own, ["blue", "blue", "orange", "green"], "{name}");
        }
    }

    #[test]
    fn figures_are_tabular() {
        let ctx = egui::Context::default();
        Tokens::load().expect("built in").apply(&ctx);
        let mut widths = Vec::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            widths = ('0'..='9').map(|digit| ui.fonts_mut(|fonts| fonts.glyph_width(&FontId::proportional(14.0), digit))).collect();
        });
        // Nothing is painted here, and the toolkit insists on being told so.
        output.textures_delta.clear();
        assert!(widths.iter().all(|&width| width > 0.0 && width == widths[0]), "{widths:?}");
    }
}
