from whoosh.formats import Format

class FieldType:
    format: Format
    scorable: bool
    stored: bool
    unique: bool
    analyzer: object
    indexed: bool
    column_type: object

class ID(FieldType):
    def __init__(self, *, stored: bool = ..., unique: bool = ...) -> None: ...

class TEXT(FieldType):
    def __init__(self, *, analyzer: object = ..., stored: bool = ...) -> None: ...

class KEYWORD(FieldType):
    def __init__(self, *, commas: bool = ...) -> None: ...

class STORED(FieldType): ...

class Schema:
    def __init__(self, **fields: FieldType | type[FieldType]) -> None: ...
