//! `denoodle interpolate`.

use std::path::PathBuf;

use denoodle::export::{Export, Sheet};
use denoodle::generate::Named;
use denoodle::session::{Command, End, ExportRequest, InterpolateRequest, Interpolated, Outcome};
use denoodle::util::{Error, Result, clock};

use super::common::{Machine, form_of, real, whole};
use super::draw::first_drawing;
use super::follow::say;
use super::{Place, follow, print};

/// Draw what lies between two drawings, for models with a latent vector.
///
/// Both drawings are read into latent vectors, and drawn from those and from what lies between them on the great circle. In the file stand the first drawing as it was read, its
/// reconstruction, the way, the reconstruction of the second one, and that drawing as it was read. The ending of --out decides the form, as in `denoodle draw`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A model with a latent vector: the shipped cat-latent, or a .safetensors file or run folder of sketch_rnn or latent
    #[arg(long, value_name = "MODEL", default_value = "cat-latent")]
    model: PathBuf,
    /// Of which category; needed only if the model knows several
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// The first drawing: `real:N`, number N of the category's file; `drawn:N`, number N that the model draws; or an .ndjson file, of which the first one is taken
    #[arg(long, value_name = "DRAWING", default_value = "drawn:0")]
    first: String,
    /// The second drawing, likewise
    #[arg(long, value_name = "DRAWING", default_value = "drawn:1")]
    second: String,
    /// Drawings on the way, both reconstructions among them
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = whole::<usize>("call.way"))]
    count: usize,
    /// Decides all randomness: the same random numbers for each drawing
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Below 1 likely things become likelier [default: the model's own setting]
    #[arg(long, value_name = "T", value_parser = real("draw.temperature"))]
    temperature: Option<f64>,
    #[command(flatten)]
    place: Place,
    /// The file to write
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    #[command(flatten)]
    machine: Machine,
}

/// Draws the way and writes the file.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let form = form_of(&arguments.out)?;
    let preset = Named::find(&arguments.model)?.read()?.info.preset;
    if !preset.model.has_latent() {
        return Err(Error::usage("this model has no latent vector, so there is nothing between two drawings")
            .at(&arguments.model)
            .advise("The shipped cat-latent has, and what is trained with the preset sketch_rnn_small or latent_small."));
    }
    let threads = arguments.machine.threads();
    let end = |text: &str| end(text, &arguments, threads);
    // The ends are drawings of the way too: a way of two has nothing between them.
    let last = (arguments.count - 1) as f32;
    let request = InterpolateRequest {
        ends: [end(&arguments.first)?, end(&arguments.second)?],
        shares: (1..arguments.count - 1).map(|place| place as f32 / last).collect(),
        model: arguments.model,
        category: arguments.category,
        seed: arguments.seed,
        temperature: arguments.temperature,
        device: arguments.machine.device,
        threads,
    };
    let Outcome::Interpolated(way) = follow(Command::Interpolate(Box::new(request)))? else {
        return Err(Error::new("stopped before the way was drawn; nothing was written"));
    };
    let Interpolated { category, between: Some(between), took, .. } = *way else {
        return Err(Error::new("nothing was drawn between the two drawings, which is a fault in Denoodle"));
    };
    say(&format!("from one {category} to another in {}", clock::words(took)));
    let ([first, second], [from, to]) = (between.originals, between.reconstructions);
    let sketches: Vec<_> = [first, from].into_iter().chain(between.drawings).chain([to, second]).collect();
    // One line, from left to right.
    let form = match form {
        Export::Png(sheet) => Export::Png(Sheet { columns: Some(sketches.len()), cell: 160, ..sheet }),
        other => other,
    };
    match follow(Command::Export(ExportRequest { sketches, word: category, form, path: arguments.out, replace: true }))? {
        Outcome::Exported { path, bytes } => print(&format!("wrote {} ({:.1} kB)", path.display(), bytes as f64 / 1000.0)),
        _ => Err(Error::new("stopped before the file was written")),
    }
}

/// Which drawing is meant.
fn end(text: &str, arguments: &Arguments, threads: usize) -> Result<End> {
    let number = |digits: &str| {
        digits.parse().map_err(|_| Error::usage(format!("'{digits}' is not the number of a drawing")).advise("Write real:0, for instance."))
    };
    match text.split_once(':') {
        Some(("drawn", digits)) => Ok(End::Drawn { seed: arguments.seed, number: number(digits)? }),
        Some(("real", digits)) => Ok(End::Real { number: number(digits)?, folders: arguments.place.folders() }),
        _ => first_drawing(text.as_ref(), threads).map(End::Given),
    }
}
