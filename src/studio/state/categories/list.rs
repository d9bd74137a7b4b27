//! Which categories are listed.

use super::Categories;
use crate::data::CategoryInfo;
use crate::studio::state::State;
use crate::studio::state::library::is_called;

/// Which of the categories are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// Every one.
    #[default]
    All,
    /// Those with drawings on this machine.
    Here,
    /// Those with a split.
    Divided,
    /// Those that a model of one's own knows.
    Mine,
}

impl Filter {
    /// In the order of the buttons.
    pub const ALL: [Self; 4] = [Self::All, Self::Here, Self::Divided, Self::Mine];

    /// The button's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "All categories",
            Self::Here => "On disk",
            Self::Divided => "With a split",
            Self::Mine => "With a model of mine",
        }
    }

    /// One sentence.
    pub fn explain(self) -> &'static str {
        match self {
            Self::All => "The data set's 345 categories, and your own.",
            Self::Here => "Only those with drawings on this machine.",
            Self::Divided => "Only those that are divided into drawings to train and to test with.",
            Self::Mine => "Only those that a model which was trained on this machine draws.",
        }
    }
}

impl Categories {
    fn lists(&self, category: &CategoryInfo) -> bool {
        match self.filter {
            Filter::All => true,
            Filter::Here => category.file.is_some(),
            Filter::Divided => category.split.is_some(),
            Filter::Mine => self.cards.own_models(&category.name).next().is_some(),
        }
    }
}

impl State {
    /// Places in the library's list that the search and the filter leave, alphabetically.
    pub fn listed_categories(&self) -> Vec<usize> {
        let all = self.library.categories.iter().enumerate();
        let found = all.filter(|(_, category)| is_called(category, &self.categories.search) && self.categories.lists(category));
        found.map(|(place, _)| place).collect()
    }

    /// The category that is looked at.
    pub fn selected_category(&self) -> Option<&CategoryInfo> {
        let name = self.categories.selected.as_ref()?;
        self.library.categories.iter().find(|category| category.name == *name)
    }

    /// Where the selected category is in the list, if it is listed.
    pub fn selected_place(&self, listed: &[usize]) -> Option<usize> {
        let name = self.categories.selected.as_ref()?;
        listed.iter().position(|&place| self.library.categories.get(place).is_some_and(|category| category.name == *name))
    }
}
