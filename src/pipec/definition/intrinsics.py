"""The functions of CloudFormation inside a definition: what they give, as far as a template tells.

A parameter of the template becomes a parameter of the definition, `Bucket` as `#{myBucket}`. What
is known only when the template is deployed becomes a parameter without a value, and that is said.
"""

from __future__ import annotations

import re

from pipec.definition.functions import called, default_of, is_secret, words
from pipec.definition.values import Field, Parameter, text
from pipec.diagnostic import Diagnostic, Report, diagnostic
from pipec.source import Span
from pipec.syntax import Mapping, Scalar, Sequence, Tree


class Intrinsics:
    """Resolves the functions in one pipeline of a template."""

    def __init__(self, template: Mapping, taken: frozenset[str], report: Report) -> None:
        self.template = template
        self.report = report
        self.taken = set(taken)
        """The ids of the definition's own parameters."""
        self.made: dict[str, Parameter] = {}
        """The parameters that came of it, by what each stands for."""

    def evaluated(self, tree: Mapping) -> Scalar:
        """What stands in a field, whose expressions the service evaluates."""
        return text(self._text(tree, tree.span, True), tree.span)

    def fixed(self, tree: Mapping, instead: str = "") -> Scalar | None:
        """What stands where the service takes every letter as it is; None when it is not known.

        With `instead`, what becomes of it then was decided.
        """
        try:
            return text(self._text(tree, tree.span, False), tree.span)
        except _UnknownError as unknown:
            if instead:
                self.report.add(OnlyWhenDeployed(tree.span, str(unknown), instead))
            else:
                self.report.add(HasToBeWritten(tree.span, str(unknown)))
            return None

    def _text(self, tree: Tree, span: Span, evaluated: bool) -> str:
        if isinstance(tree, Scalar):
            return tree.value
        function, given = called(tree)
        match function, given:
            case "Ref", Scalar():
                return self._ref(given.value, span, evaluated)
            case "Fn::Sub", Scalar():
                return self._sub(given.value, {}, span, evaluated)
            case "Fn::Sub", Sequence(items=(Scalar(value=pattern), Mapping() as names)):
                known = {key.value: value for key, value in names}
                return self._sub(pattern, known, span, evaluated)
            case "Fn::Join", Sequence(items=(Scalar(value=between), items)):
                parts = self._list(items, span)
                if parts is not None:
                    return between.join(self._text(one, span, evaluated) for one in parts)
            case "Fn::Select", Sequence(items=(Scalar(value=index), items)):
                parts = self._list(items, span)
                if parts is not None and index.isdecimal() and int(index) < len(parts):
                    return self._text(parts[int(index)], span, evaluated)
            case "Fn::FindInMap", Sequence(items=(name, first, second)):
                found = self._find(name, first, second, span)
                if found is not None:
                    return found
            case "Fn::GetAtt", Scalar():
                return self._unknown(given.value, span, evaluated)
            case "Fn::GetAtt", Sequence():
                return self._unknown(".".join(words(given)), span, evaluated)
        return self._unknown(
            " ".join([function.removeprefix("Fn::"), *words(given)]), span, evaluated
        )

    def _ref(self, name: str, span: Span, evaluated: bool) -> str:
        parameters = self.template.get("Parameters")
        declared = parameters.get(name) if isinstance(parameters, Mapping) else None
        if not isinstance(declared, Mapping):
            return self._unknown(name, span, evaluated)
        default = default_of(declared)
        if evaluated:
            return f"#{{{self._parameter(name, declared, default)}}}"
        if default is None:
            raise _UnknownError(name)
        self.report.add(
            OnlyWhenDeployed(span, name, f"its default, `{default.value[:60]}`, is taken")
        )
        return default.value

    def _parameter(self, name: str, declared: Mapping, default: Scalar | None) -> str:
        if name not in self.made:
            secret = "*" if is_secret(declared) else ""
            key = declared.span
            fields = []
            for theirs, ours in (
                ("Description", "description"),
                ("AllowedValues", "allowedValues"),
            ):
                value = declared.get(theirs)
                items = value.items if isinstance(value, Sequence) else (value,)
                texts = tuple(text(one.value, one.span) for one in items if isinstance(one, Scalar))
                if texts:
                    fields.append(Field(text(ours, key), texts, isinstance(value, Sequence)))
            if default is not None:
                fields.append(Field(text("default", key), (text(default.value, default.span),)))
            self.made[name] = Parameter(key, secret + self._free(name), tuple(fields), key)
        return self.made[name].id

    def _sub(self, pattern: str, known: dict[str, Tree], span: Span, evaluated: bool) -> str:
        def put(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in known:
                return self._text(known[name], span, evaluated)
            return self._ref(name, span, evaluated)

        return re.sub(r"\$\{\s*([^${}]*?)\s*\}", put, pattern)

    def _list(self, tree: Tree, span: Span) -> tuple[Tree, ...] | None:
        if isinstance(tree, Sequence):
            return tree.items
        function, given = called(tree)
        match function, given:
            case "Fn::Split", Sequence(items=(Scalar(value=between), whole)) if between:
                parts = self._text(whole, span, False).split(between)
                return tuple(text(one, span) for one in parts)
        return None

    def _find(self, name: Tree, first: Tree, second: Tree, span: Span) -> str | None:
        found = self.template.get("Mappings")
        for key in (name, first, second):
            try:
                word = self._text(key, span, False)
            except _UnknownError:
                return None
            found = found.get(word) if isinstance(found, Mapping) else None
        return found.value if isinstance(found, Scalar) else None

    def _unknown(self, what: str, span: Span, evaluated: bool) -> str:
        if not evaluated:
            raise _UnknownError(what)
        if what not in self.made:
            self.made[what] = Parameter(span, self._free(what), (), span)
        name = self.made[what].id
        self.report.add(
            OnlyWhenDeployed(span, what, f"it became the parameter `{name}`, without a value")
        )
        return f"#{{{name}}}"

    def _free(self, what: str) -> str:
        """A parameter's id that reminds of `what` and that nothing else has."""
        parts = re.findall(r"[A-Za-z0-9]+", what)[:5]
        name = "".join(part[0].upper() + part[1:] for part in parts)
        name = what if re.fullmatch(r"my[A-Z]\w*", what) else f"my{name}"
        number = 1
        free = name
        while free in self.taken:
            number += 1
            free = f"{name}{number}"
        self.taken.add(free)
        return free


class _UnknownError(Exception):
    """What is asked for is known only when the template is deployed."""


@diagnostic
class OnlyWhenDeployed(Diagnostic):
    """What CloudFormation puts here is not in the template.

    The region, what another resource is called, what another stack exports: all of it becomes a
    parameter that has to be given a value.
    """

    code = "P521"
    title = "Known only when deployed"
    severity = "warning"
    message = "`{what}` is known only when the template is deployed; {became}"
    fails = """
        # file: shop.yaml
        Resources:
          Orders:
            Type: AWS::DataPipeline::Pipeline
            Properties:
              Name: orders
              PipelineObjects:
                - Id: Load
                  Fields:
                    - {Key: type, StringValue: S3DataNode}
                    - Key: filePath
                      StringValue: !Sub "s3://shop-${AWS::Region}/orders.csv"    # P521
        """
    fixed = """
        # file: shop.yaml
        Parameters:
          Bucket: {Type: String, Default: shop}
        Resources:
          Orders:
            Type: AWS::DataPipeline::Pipeline
            Properties:
              Name: orders
              PipelineObjects:
                - Id: Load
                  Fields:
                    - {Key: type, StringValue: S3DataNode}
                    - Key: filePath
                      StringValue: !Sub "s3://${Bucket}/orders.csv"
        """

    what: str
    became: str


@diagnostic
class HasToBeWritten(Diagnostic):
    """Ids, types, names of fields and references are taken by the service as they are.

    No parameter can stand there, so what is known only when the template is deployed has to be
    written out.
    """

    code = "P523"
    title = "Has to be written out"
    message = (
        "`{what}` is known only when the template is deployed, and here no parameter can stand"
    )
    help = "write out what it is"
    fails = """
        # file: shop.yaml
        Resources:
          Orders:
            Type: AWS::DataPipeline::Pipeline
            Properties:
              Name: orders
              PipelineObjects:
                - Id: !GetAtt Shop.Name    # P523 !GetAtt Shop.Name
                  Fields:
                    - {Key: type, StringValue: S3DataNode}
                    - {Key: filePath, StringValue: "s3://shop/orders.csv"}
        """
    fixed = """
        # file: shop.yaml
        Resources:
          Orders:
            Type: AWS::DataPipeline::Pipeline
            Properties:
              Name: orders
              PipelineObjects:
                - Id: Load
                  Fields:
                    - {Key: type, StringValue: S3DataNode}
                    - {Key: filePath, StringValue: "s3://shop/orders.csv"}
        """

    what: str
