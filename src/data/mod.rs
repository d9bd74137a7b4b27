//! Drawings on the disk: reading, splitting, fetching, importing. No tensors in here.
//!
//! ```text
//!   fetch, import  ->  <category>.ndjson[.gz]   subset/<category>/indices.json  <-  split, import
//!                               |                            |
//!              read (all cores) or cache                   split
//!                               \____________   ____________/
//!                                            load: a Dataset
//! ```

mod audit;
mod browse;
mod cache;
pub mod catalog;
mod dataset;
mod divide;
mod drawings;
mod fetch;
mod folders;
mod import;
mod keep;
mod line;
mod made_up;
mod raw;
mod read;
mod report;
pub mod sketchbook;
pub mod split;
mod spread;
mod survey;
mod write_line;

pub(crate) use audit::shown_in;
pub use audit::{AuditedDrawings, SplitReport, audit_folder, report_split};
pub use browse::{Browsed, Page, Portion, browse};
pub use cache::{Cache, Opened, open, sha256_of, sha256_of_all, user_cache};
pub use catalog::may_mirror;
pub use dataset::{Dataset, Divided, divided, load, load_with};
pub use divide::{SplitPlan, make_split};
pub use drawings::Drawings;
pub use fetch::{BUCKET, Download, Fetching, Patience, check_address, check_request, fetch, fetch_with};
pub use folders::{CategoryInfo, Folders, user_folder};
pub use import::{Imported, import};
pub use keep::{FEWEST_TO_TRAIN, Kept, collections, keep, take_back};
pub use line::{MAX_LINE_BYTES, MAX_POINTS};
pub use read::{first_drawing, is_procedural, read_file};
pub use report::{BadLine, Problem, ReadReport};
pub use split::{Split, SplitAudit};
pub use spread::Spread;
pub use survey::{complete, look, survey, survey_own};
pub use write_line::{sketch_of, strokes_of, write_line};
