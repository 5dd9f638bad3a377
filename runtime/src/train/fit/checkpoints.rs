//! The checkpoints of a training.

use crate::error::Result;
use crate::network::Trainable;
use crate::train::checkpoint::{AVERAGE, BEST, Found, Record};
use crate::train::{TrainError, Trainer};
use std::path::Path;

impl<N: Trainable> Trainer<'_, N> {
    /// Goes on from the newest checkpoint, if that is asked for; otherwise, there may be none.
    pub(super) fn resume_or_refuse(&mut self) -> Result<()> {
        let Some(checkpoints) = self.course.options.checkpoints.clone() else { return Ok(()) };
        if !self.course.options.resume {
            return match checkpoints.list()?.last() {
                None => Ok(()),
                Some((step, _)) => {
                    let folder = checkpoints.folder().to_path_buf();
                    Err(TrainError::FolderInUse { folder, step: *step }.into())
                }
            };
        }
        let here = self.course.notes_of_options(self.average.as_ref().map(|a| a.decay()));
        let read = |path: &Path| Found::read(path, self.net, self.optimizer, Some(&here));
        let Some((step, mut found)) = checkpoints.newest(read)? else { return Ok(()) };
        let path = found.path.clone();
        let wrong = |reason| TrainError::NotCheckpoint { path: path.clone(), reason };
        let differences = self.course.differences(&found.notes).map_err(wrong)?;
        if !differences.is_empty() {
            return Err(TrainError::OtherTraining { path, differences }.into());
        }
        self.course.restore(&found.notes).map_err(wrong)?;
        if let Some(best) = found.take(BEST) {
            self.best = best;
        }
        if let (Some(average), Some(values)) = (&mut self.average, found.take(AVERAGE)) {
            let updates = found.notes.count("average_updates").map_err(wrong)?;
            average.restore(updates, values);
        }
        found.apply(self.net, self.optimizer)?;
        self.course.reporter.line(&format!("goes on from step {step}, `{}`", path.display()));
        self.course.resumed_from = Some(path);
        Ok(())
    }

    /// Writes a checkpoint, if there is a folder for it.
    pub(super) fn save(&mut self) -> Result<()> {
        let Some(checkpoints) = &self.course.options.checkpoints else { return Ok(()) };
        let average = self.average.as_ref();
        let mut notes = self.course.notes_of_options(average.map(|average| average.decay()));
        self.course.put(&mut notes);
        let mut extras = Vec::new();
        if !self.best.is_empty() {
            extras.push((BEST, &*self.best));
        }
        if let Some((average, values)) = average.and_then(|a| a.values().map(|values| (a, values)))
        {
            notes.put("average_updates", average.updates());
            extras.push((AVERAGE, values));
        }
        let record = Record::new(self.net, self.optimizer, extras, notes);
        checkpoints.write(self.course.step, |path| record.save(path))?;
        self.course.saved = Some(self.course.step);
        Ok(())
    }
}
