package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// anything stands in a pattern for a part that only a running provider has, such as the noun of an object.
const anything = "…"

// summaryArgument is the position of the summary in the arguments of the functions that make a diagnostic.
var summaryArgument = map[string]int{
	"AddError": 0, "AddWarning": 0, "NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0,
	"AddAttributeError": 1, "AddAttributeWarning": 1,
	"NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1,
}

// collector finds the summaries of diagnostics in the code.
type collector struct {
	files *token.FileSet
	// constants are those of the file at hand and its package, by name.
	constants map[string]ast.Expr
	// found has the place of each pattern.
	found map[string]string
}

// pattern is the text of an expression, with anything in the place of what is not constant.
func (c *collector) pattern(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return c.pattern(e.X) + c.pattern(e.Y)
	case *ast.Ident:
		if value, ok := c.constants[e.Name]; ok {
			return c.pattern(value)
		}
	}
	return anything
}

// add records a pattern, unless it has no constant part.
func (c *collector) add(at ast.Node, prefix string, e ast.Expr) {
	if text := c.pattern(e); strings.Trim(text, anything) != "" {
		c.found[prefix+text] = c.files.Position(at.Pos()).String()
	}
}

// visit finds the summaries of a node: the arguments of diagnostics, and the operations of errors, which follow
// "Unable to".
func (c *collector) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := called(n)
		if i, ok := summaryArgument[name]; ok && i < len(n.Args) {
			c.add(n, "", n.Args[i])
		}
		if (name == "fail" || name == "failOperation") && len(n.Args) > 0 {
			c.add(n, "Unable to ", n.Args[0])
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Op" {
			c.add(n, "Unable to ", n.Value)
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if operation.MatchString(name.Name) && i < len(n.Values) {
				c.add(n, "Unable to ", n.Values[i])
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if name, ok := left.(*ast.Ident); ok && name.Name == "summary" && i < len(n.Rhs) {
				c.add(n, "", n.Rhs[i])
			}
		}
	}
	return true
}

// operation is the name of a constant that holds the operation of an error.
var operation = regexp.MustCompile(`^op([A-Z]\w*)?$`)

// called is the name of the function of a call.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// function finds the summaries of a function. A function whose first result is a summary returns them.
func (c *collector) function(f *ast.FuncDecl) {
	if f.Body == nil {
		return
	}
	outer := c.constants
	// Its own constants win over those of the file with the same name, and its parameters over both.
	c.constants = maps.Clone(outer)
	c.declare(f.Body)
	for _, p := range f.Type.Params.List {
		for _, name := range p.Names {
			delete(c.constants, name.Name)
		}
	}
	ast.Inspect(f.Body, c.visit)
	if results := f.Type.Results; results != nil && len(results.List[0].Names) > 0 &&
		results.List[0].Names[0].Name == "summary" {
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > 1 {
				c.add(r, "", r.Results[0])
			}
			return true
		})
	}
	c.constants = outer
}

// declare records the constants and variables of a node.
func (c *collector) declare(in ast.Node) {
	ast.Inspect(in, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					c.constants[name.Name] = spec.Values[i]
				}
			}
		}
		return true
	})
}

// summaries returns the patterns of all summaries of errors and warnings in the code, with a place of each.
func summaries(t *testing.T) map[string]string {
	t.Helper()
	c := &collector{files: token.NewFileSet(), found: map[string]string{}}
	for _, root := range []string{"../provider", "../cloud", "../drivers"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "drivertest" || d.Name() == "sim"):
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			file, err := parser.ParseFile(c.files, path, nil, 0)
			if err != nil {
				return err
			}
			c.constants = map[string]ast.Expr{}
			for _, declaration := range file.Decls {
				if _, ok := declaration.(*ast.FuncDecl); !ok {
					c.declare(declaration)
					ast.Inspect(declaration, c.visit)
				}
			}
			for _, declaration := range file.Decls {
				if f, ok := declaration.(*ast.FuncDecl); ok {
					c.function(f)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return c.found
}

// The troubleshooting page has the summary of every error and warning of the provider.
func TestTroubleshooting_hasEverySummary(t *testing.T) {
	content, err := os.ReadFile("../../templates/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	found := summaries(t)
	if len(found) < 60 {
		t.Fatalf("the code has only %d summaries: the test misses some", len(found))
	}
	for _, pattern := range slices.Sorted(maps.Keys(found)) {
		expr := "`" + strings.ReplaceAll(regexp.QuoteMeta(pattern), anything, "[^`]+") + "`"
		if !regexp.MustCompile(expr).Match(content) {
			t.Errorf("%s: the page has no `%s`", found[pattern], pattern)
		}
	}
}
