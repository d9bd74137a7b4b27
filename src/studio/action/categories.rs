//! What can be asked for in Categories.

use std::path::PathBuf;

use eframe::egui::{Key, Modifiers};

use super::keys::{Binding, CTRL, always, plain};
use super::{Action, TrainAction};
use crate::data::Portion;
use crate::studio::state::categories::Filter;
use crate::studio::state::{State, Workspace};

/// A wish about the categories, their drawings, and getting more of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CategoriesAction {
    /// Look at a category.
    Select(String),
    /// Look at the category so many cards further on, or back.
    Move(isize),
    /// Look at the category a row of cards further down, or up.
    MoveRow(bool),
    /// Type into the search field.
    Search,
    /// List these only.
    List(Filter),
    /// Cards of these categories have come into sight.
    See(Vec<String>),
    /// Hold the downloads.
    Pause,
    /// Go on with all downloads that ended too early.
    Resume,
    /// Open a dialog to choose a file of drawings.
    Import,
    /// Open a dialog to choose an archive of splits.
    ImportSplits,
    /// Take these files over.
    ImportFiles(Vec<PathBuf>),
    /// Make drawings up, to try things with.
    Sample,
    /// Stop taking files over.
    StopImport,
    /// Train a model of this category.
    Train,
    /// Let the shipped base draw this category.
    DrawBase,
    /// Which of the drawings to look at.
    Browse(Portion),
    /// To a page of drawings, from 0.
    Page(u64),
    /// The next page, or the one before.
    StepPage(bool),
    /// Read the drawings again.
    Reread,
}

fn here(state: &State, action: CategoriesAction) -> Option<Action> {
    (state.workspace == Workspace::Categories).then_some(action.into())
}

/// Its keys.
pub(super) const KEYS: &[Binding] = &[
    always(CTRL, Key::F, |state| here(state, CategoriesAction::Search)),
    always(CTRL, Key::O, |state| here(state, CategoriesAction::Import)),
    plain(Modifiers::NONE, Key::ArrowRight, |state| here(state, CategoriesAction::Move(1))),
    plain(Modifiers::NONE, Key::ArrowLeft, |state| here(state, CategoriesAction::Move(-1))),
    plain(Modifiers::NONE, Key::ArrowDown, |state| here(state, CategoriesAction::MoveRow(true))),
    plain(Modifiers::NONE, Key::ArrowUp, |state| here(state, CategoriesAction::MoveRow(false))),
    plain(Modifiers::NONE, Key::Home, |state| here(state, CategoriesAction::Move(isize::MIN))),
    plain(Modifiers::NONE, Key::End, |state| here(state, CategoriesAction::Move(isize::MAX))),
    plain(Modifiers::NONE, Key::PageDown, |state| here(state, CategoriesAction::StepPage(true))),
    plain(Modifiers::NONE, Key::PageUp, |state| here(state, CategoriesAction::StepPage(false))),
];

/// What is listed among the commands.
pub(super) fn listed(state: &State) -> Vec<Action> {
    let files = [CategoriesAction::Import, CategoriesAction::ImportSplits, CategoriesAction::Sample, CategoriesAction::StopImport];
    let next = [CategoriesAction::Pause, CategoriesAction::Resume, CategoriesAction::Train, CategoriesAction::DrawBase];
    let pages = [true, false].map(CategoriesAction::StepPage);
    let filters = Filter::ALL.map(CategoriesAction::List);
    let shown = [CategoriesAction::Search].into_iter().chain(pages).chain([CategoriesAction::Reread]).chain(filters);
    let shown = shown.filter(|_| state.workspace == Workspace::Categories);
    let fetch = state.categories.selected.iter().filter(|name| state.library.can_be_fetched(name)).cloned().map(TrainAction::Fetch);
    files.into_iter().chain(next).chain(shown).map(Action::from).chain(fetch.map(Action::from)).collect()
}

impl CategoriesAction {
    /// The words on its button: sentence case, `…` if it opens a dialog.
    pub fn label(&self) -> String {
        match self {
            Self::Select(name) => name.clone(),
            Self::Move(step) if *step < 0 => "Previous category".into(),
            Self::Move(_) => "Next category".into(),
            Self::MoveRow(true) => "A row down".into(),
            Self::MoveRow(false) => "A row up".into(),
            Self::Search => "Search".into(),
            Self::List(filter) => filter.name().into(),
            Self::See(_) => "Look at cards".into(),
            Self::Pause => "Pause fetching".into(),
            Self::Resume => "Go on fetching".into(),
            Self::Import => "Import a file…".into(),
            Self::ImportSplits => "Import subset.zip…".into(),
            Self::ImportFiles(_) => "Import".into(),
            Self::Sample => "Make a sketchbook".into(),
            Self::StopImport => "Stop importing".into(),
            Self::Train => "Train on this".into(),
            Self::DrawBase => "Draw with the base".into(),
            Self::Browse(Portion::All) => "All".into(),
            Self::Browse(Portion::Train) => "Train split".into(),
            Self::Browse(Portion::Test) => "Test split".into(),
            Self::Browse(Portion::Both) => "Both".into(),
            Self::Page(page) => format!("Page {}", page + 1),
            Self::StepPage(true) => "Next page".into(),
            Self::StepPage(false) => "Previous page".into(),
            Self::Reread => "Read again".into(),
        }
    }

    /// One sentence for the tooltip, where the label does not say it all.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Select(_) | Self::Move(_) | Self::MoveRow(_) => "Looks at this category.",
            Self::Search => "Finds a category by a part of its name.",
            Self::List(filter) => filter.explain(),
            Self::See(_) => "Draws what the cards show.",
            Self::Pause => "Ends the downloads for now; fetching again goes on where they ended.",
            Self::Resume => "Fetches everything that was paused or failed; what came so far is kept.",
            Self::Import => "Takes over drawings of this machine (.ndjson, .ndjson.gz); they are checked, then copied.",
            Self::ImportSplits => "Takes over train/test splits as they are given out: an archive of <category>/indices.json.",
            Self::ImportFiles(_) => "Checks these files, then copies them.",
            Self::Sample => {
                "Lets a program make up cats, buses and rabbits, to try training without a network. Real ones take their place when they are fetched."
            }
            Self::StopImport => "Ends the import; files that are taken over already stay.",
            Self::Train => "Opens Train with this category chosen, and no other.",
            Self::DrawBase => "Opens Play and lets the shipped model of all categories draw this one.",
            Self::Browse(Portion::All) => "Every drawing of the file.",
            Self::Browse(Portion::Train) => "The drawings that models learn from.",
            Self::Browse(Portion::Test) => "The drawings that models are tested with, and never learn from.",
            Self::Browse(Portion::Both) => "The train list, and behind it the test list.",
            Self::Page(_) | Self::StepPage(_) => "Turns to other drawings.",
            Self::Reread => "Reads the drawings once more.",
        }
    }
}
