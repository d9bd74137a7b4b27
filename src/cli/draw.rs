//! `denoodle draw`.

use std::path::PathBuf;

use denoodle::config::DrawSettings;
use denoodle::data;
use denoodle::export::{self, Export};
use denoodle::generate::{self, Named, can_go_on};
use denoodle::session::{Command, DrawRequest, ExportRequest, Outcome};
use denoodle::sketch::Sketch;
use denoodle::util::number::plain;
use denoodle::util::{Cancel, Error, Result, clock};

use super::common::{Machine, form_of, real, whole};
use super::follow::say;
use super::{follow, print};

/// Let a trained model draw.
///
/// The ending of --out decides the form: .ndjson (the data set's own), .svg, .png (a sheet) or .gif (drawn stroke by stroke).
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A shipped model (cat, bus, rabbit, base, cat-latent), a .safetensors file, or a run folder (its best model)
    #[arg(long, value_name = "MODEL")]
    model: PathBuf,
    /// What to draw; needed only if the model knows several categories
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// How many drawings
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<usize>("call.count"))]
    count: usize,
    /// Decides all randomness: the same seed gives the same drawings
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Denoising steps a stroke [default: the model's own setting]
    #[arg(long, value_name = "K", value_parser = whole::<usize>("draw.steps"))]
    steps: Option<usize>,
    /// Guidance scale, 1 is none [default: the model's own setting]
    #[arg(long, value_name = "G", value_parser = real("draw.guidance"))]
    guidance: Option<f64>,
    /// The same for the category alone [default: what --guidance is, or else the model's own setting]
    #[arg(long, value_name = "G", value_parser = real("draw.category_guidance"))]
    category_guidance: Option<f64>,
    /// Below 1 likely things become likelier, for models that draw from distributions [default: the model's own setting]
    #[arg(long, value_name = "T", value_parser = real("draw.temperature"))]
    temperature: Option<f64>,
    /// Begin every drawing with the strokes of the first drawing in this file
    #[arg(long, value_name = "FILE.ndjson")]
    start: Option<PathBuf>,
    /// Draw with the pen rhythm of the first drawing in this file: as many points, and the pen lifted at the same ones
    #[arg(long, value_name = "FILE.ndjson", conflicts_with = "start")]
    rhythm: Option<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    machine: Machine,
}

/// How the picture looks.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Look of the picture")]
struct Look {
    /// Side in pixels of a GIF or of a drawing alone; in a sheet, of every drawing [default: as usual for the form]
    #[arg(long, value_name = "PIXELS", value_parser = whole::<u32>("call.side"))]
    side: Option<u32>,
    /// How much faster than usual a GIF is drawn [default: 1]
    #[arg(long, value_name = "X", value_parser = real("call.speed"))]
    speed: Option<f64>,
    /// Line width in percent of a drawing's side [default: as usual for the form]
    #[arg(long, value_name = "PERCENT", value_parser = real("call.line"))]
    line: Option<f64>,
    /// ink (black on white), chalk (white on slate), order (coloured by the order of strokes) or order-on-slate [default: ink]
    #[arg(long, value_name = "NAME", value_parser = colours)]
    colours: Option<export::Colours>,
    /// No words in the picture
    #[arg(long)]
    no_label: bool,
    /// No ground
    #[arg(long)]
    transparent: bool,
}

impl Look {
    /// The form with this look.
    fn on(&self, form: Export) -> Result<Export> {
        let look = export::Look {
            side: self.side,
            speed: self.speed.unwrap_or(1.0),
            line: self.line,
            colours: self.colours.unwrap_or_default(),
            label: !self.no_label,
            transparent: self.transparent,
        };
        if form == Export::Ndjson && look != export::Look::default() {
            return Err(Error::usage("an .ndjson file holds strokes, which have no look")
                .advise("Leave out --side, --speed, --line, --colours, --no-label and --transparent, or write a .png, .svg or .gif."));
        }
        Ok(look.on(form))
    }
}

fn colours(text: &str) -> std::result::Result<export::Colours, String> {
    let named = export::Colours::ALL.into_iter().find(|colours| colours.name() == text);
    named.ok_or_else(|| format!("'{text}' is none of {}", export::Colours::ALL.map(export::Colours::name).join(", ")))
}

/// Draws and writes the file.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let form = arguments.look.on(form_of(&arguments.out)?)?;
    let threads = arguments.machine.threads();
    let start = given(&arguments, threads)?;
    let settings = settings(&arguments)?;
    let request = DrawRequest {
        model: arguments.model,
        category: arguments.category,
        count: arguments.count,
        first: 0,
        seed: arguments.seed,
        settings,
        start,
        device: arguments.machine.device,
        threads,
    };
    let Outcome::Drawn { sketches, category, took } = follow(Command::Draw(Box::new(request)))? else {
        return Err(Error::new("stopped before the drawings were finished; nothing was written"));
    };
    let each = took.as_secs_f64() * 1000.0 / sketches.len().max(1) as f64;
    let many = plain(sketches.len(), "drawing", "drawings");
    say(&format!("{many} of {category} in {}, {each:.0} ms each", clock::words(took)));
    match follow(Command::Export(ExportRequest { sketches, word: category, form, path: arguments.out, replace: true }))? {
        Outcome::Exported { path, bytes } => print(&format!("wrote {} ({:.1} kB)", path.display(), bytes as f64 / 1000.0)),
        _ => Err(Error::new("stopped before the file was written")),
    }
}

/// The model's own settings with those that were asked for; what means nothing to its system is refused.
fn settings(arguments: &Arguments) -> Result<Option<DrawSettings>> {
    let Arguments { steps, guidance, category_guidance, temperature, .. } = *arguments;
    let asked = [
        ("--steps", "draw.steps", steps.is_some()),
        ("--guidance", "draw.guidance", guidance.is_some()),
        ("--category-guidance", "draw.category_guidance", category_guidance.is_some()),
        ("--temperature", "draw.temperature", temperature.is_some()),
    ];
    if asked.iter().all(|(.., asked)| !asked) {
        return Ok(None);
    }
    let preset = Named::find(&arguments.model)?.read()?.info.preset;
    let own = |field: &str| preset.model.foreign(field).is_none();
    if let Some((flag, ..)) = asked.iter().find(|(_, field, asked)| *asked && !own(field)) {
        let flags: Vec<&str> = asked.iter().filter(|(_, field, _)| own(field)).map(|(flag, ..)| *flag).collect();
        let has = format!("It has {}.", flags.join(", "));
        return Err(Error::usage(format!("{flag} means nothing to this model")).at(&arguments.model).advise(has));
    }
    let draw = preset.draw;
    Ok(Some(DrawSettings {
        steps: steps.unwrap_or(draw.steps),
        guidance: guidance.unwrap_or(draw.guidance),
        category_guidance: category_guidance.or(guidance).unwrap_or(draw.category_guidance),
        temperature: temperature.unwrap_or(draw.temperature),
        ..draw
    }))
}

/// The strokes to begin with, or those whose rhythm to draw with. What they are for depends on the model: it is asked first.
fn given(arguments: &Arguments, threads: usize) -> Result<Option<Sketch>> {
    let Some(path) = arguments.start.as_deref().or(arguments.rhythm.as_deref()) else { return Ok(None) };
    let capable = generate::capabilities(&arguments.model)?;
    if arguments.start.is_some() && !capable.completion {
        return Err(Error::usage("this model cannot go on with strokes that are given").at(&arguments.model).advise(if capable.rhythm {
            "It can draw with the rhythm of a drawing: --rhythm.".into()
        } else {
            can_go_on()
        }));
    }
    if arguments.rhythm.is_some() && !capable.rhythm {
        return Err(Error::usage("this model cannot draw with a given rhythm of the pen")
            .at(&arguments.model)
            .advise("One trained with the preset dit_pen_small or dit_pen can."));
    }
    first_drawing(path, threads).map(Some)
}

/// The first drawing of a file.
pub(super) fn first_drawing(path: &std::path::Path, threads: usize) -> Result<Sketch> {
    let (drawings, report) = data::read_file(path, threads, &Cancel::default(), &mut |_, _| {})?;
    report.messages().iter().for_each(|message| say(message));
    if drawings.is_empty() {
        return Err(Error::usage("this file holds no drawing").at(path));
    }
    Ok(drawings.sketch(0))
}
