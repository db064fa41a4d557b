//! Sizes that lead back to themselves: a search in the graph of what policies make of a group.

/// A policy that moves a group from one size to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The size before.
    pub from: u32,
    /// The size after.
    pub to: u32,
    /// Which policy, by its place among the group's.
    pub policy: usize,
}

/// A size and where each policy leads from there.
pub(super) struct Row {
    pub size: u32,
    /// The policies that would change it, in creation order.
    pub moves: Vec<Move>,
}

/// What a policy makes of a size.
#[derive(Clone, Copy)]
pub(super) struct Move {
    pub policy: usize,
    /// The row it leads to.
    pub to: usize,
    /// Whether the new instances may be missing in some of the first period that is judged
    /// afterwards.
    pub is_mixed: bool,
    /// Whether no policy created later gets its turn while this one breaches.
    pub comes_first: bool,
}

/// What a policy says of a size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breach {
    /// It cannot breach.
    No,
    /// It may.
    Possible,
    /// It does, and as often as it takes.
    Steady,
}

/// All sizes that a group may come to within its bounds.
pub(super) struct Graph {
    pub rows: Vec<Row>,
    pub policies: usize,
}

/// A group at a size, and the size it came from if that may still be felt.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    row: usize,
    /// The row and the policy it came from.
    from: Option<(usize, usize)>,
}

/// Says what policies find; rows and policies by their places.
pub(super) trait Judge {
    /// At a size at which the group has been for some time.
    fn settled(&self, row: usize, policy: usize) -> Breach;

    /// In the first period that is judged after a launch, if that holds some of the time before
    /// it; `from` is the row and the policy that launched.
    fn fresh(&self, row: usize, from: (usize, usize), policy: usize) -> Breach;
}

/// A step and the state after it.
type Edge = (Step, State);

impl Graph {
    /// Steps that lead round and round, if any do.
    pub fn cycle(&self, judge: &dyn Judge) -> Option<Vec<Step>> {
        let mut seen = vec![Seen::Never; self.states()];
        for row in 0..self.rows.len() {
            if let Some(found) = self.cycle_from(State { row, from: None }, &mut seen, judge) {
                return Some(found);
            }
        }
        None
    }

    /// Steps that lead from the size of a row back to it.
    pub fn return_to(&self, row: usize, judge: &dyn Judge) -> Option<Vec<Step>> {
        let mut reached = vec![false; self.states()];
        let mut path: Vec<(Step, Vec<Edge>)> = Vec::new();
        let mut open = self.edges(State { row, from: None }, judge);
        loop {
            match open.pop() {
                Some((step, state)) if state.row == row => {
                    return Some(path.iter().map(|(step, _)| *step).chain([step]).collect());
                }
                Some((step, state)) => {
                    if let Some(mark) = reached.get_mut(self.number(state)).filter(|m| !**m) {
                        *mark = true;
                        let next = self.edges(state, judge);
                        path.push((step, std::mem::replace(&mut open, next)));
                    }
                }
                None => open = path.pop()?.1,
            }
        }
    }

    fn states(&self) -> usize {
        self.rows.len() * (1 + self.policies)
    }

    fn number(&self, state: State) -> usize {
        match state.from {
            None => state.row,
            Some((from, policy)) => self.rows.len() * (1 + policy) + from,
        }
    }

    /// A walk in depth; a state that is met on the way to itself closes a cycle.
    fn cycle_from(&self, start: State, seen: &mut [Seen], judge: &dyn Judge) -> Option<Vec<Step>> {
        let mut mark = |state: State, how: Seen| {
            let place = seen.get_mut(self.number(state))?;
            Some(std::mem::replace(place, how))
        };
        if mark(start, Seen::OnTheWay)? != Seen::Never {
            mark(start, Seen::Done);
            return None;
        }
        let mut path: Vec<(Option<Step>, State, Vec<Edge>)> =
            vec![(None, start, self.edges(start, judge))];
        while let Some((_, state, open)) = path.last_mut() {
            let Some((step, next)) = open.pop() else {
                mark(*state, Seen::Done);
                path.pop();
                continue;
            };
            match mark(next, Seen::OnTheWay)? {
                Seen::Never => path.push((Some(step), next, self.edges(next, judge))),
                Seen::Done => {
                    mark(next, Seen::Done);
                }
                Seen::OnTheWay => {
                    let from = path.iter().position(|(_, state, _)| *state == next)?;
                    let steps = path.iter().skip(from + 1).filter_map(|(step, ..)| *step);
                    return Some(steps.chain([step]).collect());
                }
            }
        }
        None
    }

    /// Where a state may lead; the policy created first is the last of the list, which is looked
    /// at first.
    fn edges(&self, state: State, judge: &dyn Judge) -> Vec<Edge> {
        let mut edges = Vec::new();
        let Some(row) = self.rows.get(state.row) else { return edges };
        let mut add = |step: &Move| {
            let to = self.rows.get(step.to).map_or(row.size, |row| row.size);
            let from = step.is_mixed.then_some((state.row, step.policy));
            let taken = Step { from: row.size, to, policy: step.policy };
            edges.push((taken, State { row: step.to, from }));
        };
        let mut is_settled = true;
        if let Some(from) = state.from {
            for step in &row.moves {
                let breach = judge.fresh(state.row, from, step.policy);
                if breach >= Breach::Possible {
                    add(step);
                }
                if breach == Breach::Steady {
                    // The size does not last to the next period.
                    is_settled = false;
                    break;
                }
            }
        }
        for step in row.moves.iter().filter(|_| is_settled) {
            let breach = judge.settled(state.row, step.policy);
            if breach >= Breach::Possible {
                add(step);
            }
            if breach == Breach::Steady && step.comes_first {
                break;
            }
        }
        edges.reverse();
        edges
    }
}

/// How far a walk is with a state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Never,
    OnTheWay,
    Done,
}
