fn value() {
    match ::nebula_memory::__private::enter("parse") {
        _entered => {
            match (a).scope() {
                mut a => {
                    match a.scope() {
                        mut a => {
                            let _ = &mut a;
                            { a.alloc(1) }
                        }
                    }
                }
            }
        }
    }
}
