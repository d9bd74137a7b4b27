//! What may be asked for in Categories, and what comes of it.

use std::path::{Path, PathBuf};

use super::{Importing, PAGE, Phase, Wanted};
use crate::data::{Portion, catalog, sketchbook};
use crate::session::{BASE, BrowseRequest, Command, ImportRequest, SampleRequest};
use crate::studio::action::{Action, CategoriesAction, TrainAction};
use crate::studio::dialog::Ask;
use crate::studio::engine::Job;
use crate::studio::state::{Effect, State, Workspace, unless};
use crate::util::Reason;

/// The category that is looked at first where none is chosen.
const FIRST: &str = "cat";

impl State {
    pub(in crate::studio::state) fn main_categories(&self) -> Action {
        match &self.categories.selected {
            Some(name) if !self.library.is_here(name) => TrainAction::Fetch(name.clone()).into(),
            _ => CategoriesAction::Train.into(),
        }
    }

    pub(in crate::studio::state) fn why_not_categories(&self, action: &CategoriesAction) -> Option<String> {
        let categories = &self.categories;
        let name = categories.selected.as_deref();
        let none = || Some("Choose a category first.".to_owned());
        let here = |name: &str| unless(self.library.is_here(name), "There are no drawings of it on this machine. Fetch it first.");
        match action {
            CategoriesAction::Select(name) => {
                unless(self.library.categories.iter().any(|category| category.name == *name), "There is no such category.")
            }
            CategoriesAction::Pause => unless(self.library.fetching.is_some(), "Nothing is being fetched."),
            CategoriesAction::Resume => unless(!self.library.unfinished.is_empty(), "Nothing was paused, and nothing failed."),
            CategoriesAction::Import | CategoriesAction::ImportSplits | CategoriesAction::ImportFiles(_) => {
                unless(!categories.is_importing(), "Files are being imported already.")
            }
            CategoriesAction::Sample if categories.is_importing() => Some("Files are being imported already.".into()),
            CategoriesAction::Sample => {
                let there = sketchbook::CATEGORIES.into_iter().find(|name| self.library.is_here(name));
                there.map(|name| format!("There are drawings of {name} already."))
            }
            CategoriesAction::StopImport => unless(categories.is_importing(), "Nothing is being imported."),
            CategoriesAction::Train if self.run.is_active() => Some("A model is being trained already.".into()),
            CategoriesAction::Train => name.map_or_else(none, |name| here(name).or_else(|| self.library.too_few(name))),
            CategoriesAction::DrawBase => match name {
                None => none(),
                Some(_) if self.play.is_drawing() => Some("It is drawing already.".into()),
                Some(name) => unless(catalog::is_official(name), "The base knows the data set's own categories only."),
            },
            CategoriesAction::Browse(Portion::All) | CategoriesAction::Reread => name.map_or_else(none, here),
            CategoriesAction::Browse(_) => match self.selected_category() {
                None => none(),
                Some(category) => unless(category.split.is_some(), "This category is not divided into drawings to train and to test with."),
            },
            CategoriesAction::Page(page) => unless(*page < categories.pages(), "There is no such page."),
            CategoriesAction::StepPage(_) if categories.shown().is_none() => Some("No drawings are shown.".into()),
            CategoriesAction::StepPage(true) => unless(categories.page + 1 < categories.pages(), "This is the last page."),
            CategoriesAction::StepPage(false) => unless(categories.page > 0, "This is the first page."),
            _ => None,
        }
    }

    pub(in crate::studio::state) fn act_categories(&mut self, action: CategoriesAction) -> Vec<Effect> {
        match action {
            CategoriesAction::Select(name) => self.select_category(name),
            CategoriesAction::Move(step) => self.move_selection(step),
            CategoriesAction::MoveRow(down) => {
                let columns = self.categories.columns.max(1) as isize;
                self.move_selection(if down { columns } else { -columns });
            }
            CategoriesAction::Search => self.categories.searching = true,
            CategoriesAction::List(filter) => {
                self.categories.filter = filter;
                self.categories.reveal = true;
            }
            CategoriesAction::See(names) => self.categories.cards.visible = Some(names),
            CategoriesAction::Pause => return self.library.stop_fetching(),
            CategoriesAction::Resume => return self.library.fetch_unfinished(&self.options.folders),
            CategoriesAction::Import => return vec![Effect::Ask(Ask::Drawings)],
            CategoriesAction::ImportSplits => return vec![Effect::Ask(Ask::Splits)],
            CategoriesAction::ImportFiles(files) => return self.import(files),
            CategoriesAction::Sample => {
                self.categories.importing = Importing::Running("starting".into(), None);
                let request = SampleRequest { folders: self.options.folders.clone(), threads: self.options.threads };
                return vec![Effect::Start(Job::Import, Command::Sample(request))];
            }
            CategoriesAction::StopImport => return vec![Effect::Stop(Job::Import, Reason::Stopped)],
            CategoriesAction::Train => {
                self.form.choose(self.categories.selected.clone());
                self.workspace = Workspace::Train;
            }
            CategoriesAction::DrawBase => {
                let category = self.categories.selected.clone();
                let mut effects = self.use_model(Path::new(BASE), category);
                effects.extend(self.act(Action::Show(Workspace::Play)));
                if self.play.complaint().is_none() {
                    effects.extend(self.play.draw(&self.options));
                }
                return effects;
            }
            CategoriesAction::Browse(portion) => {
                (self.categories.portion, self.categories.page) = (portion, 0);
            }
            CategoriesAction::Page(page) => self.categories.page = page,
            CategoriesAction::StepPage(true) => self.categories.page += 1,
            CategoriesAction::StepPage(false) => self.categories.page = self.categories.page.saturating_sub(1),
            CategoriesAction::Reread => self.categories.asked = None,
        }
        self.settle_categories()
    }

    /// Looks at a category; it is also what is trained next, if it can be. Several that were ticked in Train stay ticked: looking must not
    /// undo a choice.
    fn select_category(&mut self, name: String) {
        if self.categories.selected.as_ref() == Some(&name) {
            return;
        }
        if self.library.is_here(&name) && !self.run.is_active() && self.form.chosen.len() <= 1 {
            self.form.chosen = [name.clone()].into();
        }
        self.categories.page = 0;
        self.categories.reveal = true;
        self.categories.selected = Some(name);
    }

    fn move_selection(&mut self, step: isize) {
        let listed = self.listed_categories();
        let last = listed.len().saturating_sub(1);
        let to = match self.selected_place(&listed) {
            Some(place) => place.saturating_add_signed(step).min(last),
            None if step == isize::MAX => last,
            None => 0,
        };
        if let Some(name) = listed.get(to).and_then(|&place| self.library.categories.get(place)).map(|category| category.name.clone()) {
            self.select_category(name);
        }
    }

    fn import(&mut self, files: Vec<PathBuf>) -> Vec<Effect> {
        if files.is_empty() {
            return Vec::new();
        }
        self.categories.importing = Importing::Running("starting".into(), None);
        let request =
            ImportRequest { files, folders: self.options.folders.clone(), replace: self.categories.replace, threads: self.options.threads };
        // It was meant for these files, not for whatever is dropped onto the window next.
        self.categories.replace = false;
        let mut effects = vec![Effect::Start(Job::Import, Command::Import(Box::new(request)))];
        self.workspace = Workspace::Categories;
        effects.extend(self.settle_categories());
        effects
    }

    /// Starts what is to be shown and was not asked for yet, if this workspace is shown; work that goes on is followed by this again.
    pub(in crate::studio::state) fn settle_categories(&mut self) -> Vec<Effect> {
        if self.workspace == Workspace::Compare {
            return self.next_cards(false).into_iter().collect();
        }
        if self.workspace != Workspace::Categories {
            return Vec::new();
        }
        let categories = &mut self.categories;
        if categories.selected.is_none() {
            let first = self.form.chosen.first().map_or(FIRST, String::as_str);
            let known = self.library.categories.iter().find(|category| category.name == first).or(self.library.categories.first());
            categories.selected = known.map(|category| category.name.clone());
            categories.reveal = true;
        }
        let mut effects = self.settle_browser();
        effects.extend(self.next_cards(true));
        effects
    }

    /// What cards show and models draw, bit by bit.
    fn next_cards(&mut self, thumbnails: bool) -> Option<Effect> {
        let next = self.categories.cards.next(&self.library, &self.options.folders, 1, thumbnails);
        next.map(|request| Effect::Start(Job::Cards, Command::Cards(Box::new(request))))
    }

    fn settle_browser(&mut self) -> Vec<Effect> {
        let wanted = self.wanted_page();
        let (threads, folders) = (self.options.threads, &self.options.folders);
        let categories = &mut self.categories;
        if categories.asked == wanted {
            return Vec::new();
        }
        if categories.reading == Phase::Running {
            // Another page is wanted by now; this is called again once the work has ended.
            return vec![Effect::Stop(Job::Browse, Reason::Stopped)];
        }
        categories.asked = wanted.clone();
        categories.progress = None;
        categories.reading = Phase::Idle;
        let Some(wanted) = wanted else { return Vec::new() };
        categories.reading = Phase::Running;
        let request = BrowseRequest {
            category: wanted.category,
            portion: wanted.portion,
            first: wanted.page as usize * PAGE,
            count: PAGE,
            folders: folders.clone(),
            threads,
        };
        vec![Effect::Start(Job::Browse, Command::Browse(Box::new(request)))]
    }

    /// What the browser of drawings is to show; nothing where there are none.
    pub(super) fn wanted_page(&self) -> Option<Wanted> {
        let category = self.selected_category()?;
        Some(Wanted {
            category: category.name.clone(),
            file: category.file.clone()?,
            bytes: category.bytes,
            split: category.split,
            portion: self.categories.portion_of(category),
            page: self.categories.page,
        })
    }
}

/// Whether this looks like a file that can be taken over.
pub fn can_be_imported(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ["ndjson", "gz", "zip"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}
