//! The order of a parameter's scalars in files and in memory, which differ for a matrix that is kept transposed.

use super::{Block, Parameter};

impl Parameter {
    /// Copies it from the order of files into the order of memory.
    pub(crate) fn file_to_memory<T: Copy>(&self, file: &[T], memory: &mut [T]) {
        if self.transposed {
            let (rows, columns) = self.matrix_shape();
            Block::whole(rows, columns).file_to_memory(file, memory);
        } else {
            memory.copy_from_slice(file);
        }
    }

    /// Lets `write` fill it in the order of files, then converts it to the order of memory.
    pub(crate) fn write_in_file_order<T: Copy, R>(
        &self,
        memory: &mut [T],
        write: impl FnOnce(&mut [T]) -> R,
    ) -> R {
        if !self.transposed {
            return write(memory);
        }
        let mut file = memory.to_vec();
        let result = write(&mut file);
        self.file_to_memory(&file, memory);
        result
    }

    /// Copies it from the order of memory into the order of files.
    pub(crate) fn memory_to_file<T: Copy>(&self, memory: &[T], file: &mut [T]) {
        if self.transposed {
            let (rows, columns) = self.matrix_shape();
            Block::whole(rows, columns).memory_to_file(memory, file);
        } else {
            file.copy_from_slice(memory);
        }
    }
}
