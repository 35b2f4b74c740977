fn value() {
    ::nebula_memory::__private::dealloc(&self.memory, pointer)
}
