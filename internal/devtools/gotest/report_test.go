package main

import (
	"bytes"
	"strings"
	"testing"
)

const stream = `{"Action":"start","Package":"example/a"}
{"Action":"output","Package":"example/a","Test":"TestOne","Output":"=== RUN   TestOne\n"}
{"Action":"pass","Package":"example/a","Test":"TestOne","Elapsed":0.1}
{"Action":"output","Package":"example/a","Test":"TestTwo","Output":"    a_test.go:7: needs Terraform 1.14\n"}
{"Action":"output","Package":"example/a","Test":"TestTwo","Output":"--- SKIP: TestTwo (0.00s)\n"}
{"Action":"skip","Package":"example/a","Test":"TestTwo","Elapsed":0}
{"Action":"pass","Package":"example/a","Elapsed":0.4}
{"Action":"output","Package":"example/b","Test":"TestBad","Output":"    b_test.go:9: got 2, want 1\n"}
{"Action":"fail","Package":"example/b","Test":"TestBad","Elapsed":0.2}
{"Action":"output","Package":"example/b","Test":"TestHang","Output":"waiting\n"}
{"Action":"fail","Package":"example/b","Elapsed":1.5}
{"Action":"skip","Package":"example/empty","Elapsed":0}
`

func TestReport_saysWhatFailedAndWhatWasSkipped(t *testing.T) {
	var out bytes.Buffer
	rep := newReport(&out)
	if err := rep.read(strings.NewReader(stream)); err != nil {
		t.Fatal(err)
	}
	if bad := rep.summary(rules{}); bad != 0 {
		t.Errorf("%d skips fail the run, want none without CLOUDSNAP_NO_SKIP", bad)
	}
	for _, want := range []string{
		"ok      example/a 0.4s, 1 passed, 1 SKIPPED\n",
		"FAIL    example/b TestBad (0.2s)\n    b_test.go:9: got 2, want 1\n",
		"CUT OFF example/b TestHang\nwaiting\n",
		"SKIPPED example/a TestTwo: a_test.go:7: needs Terraform 1.14\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "TestOne") || strings.Contains(out.String(), "example/empty") {
		t.Errorf("says more than needed:\n%s", out.String())
	}
}

func TestReport_brokenStreamIsAnError(t *testing.T) {
	if err := newReport(&bytes.Buffer{}).read(strings.NewReader("{not json")); err == nil {
		t.Error("no error for a stream that cannot be read")
	}
}

func TestSkipRules_forbidAllButTheAccepted(t *testing.T) {
	env := map[string]string{"CLOUDSNAP_NO_SKIP": "1", "CLOUDSNAP_SKIP_OK": "Terraform CLI version"}
	rules, err := skipRules(func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	if rules.fails("Terraform CLI version 1.11.4 is below minimum version 1.12.0: skipping test") {
		t.Error("an accepted reason fails the run")
	}
	if !rules.fails("CLOUDSNAP_API_DOCS is not set") {
		t.Error("another reason passes")
	}
	if _, err := skipRules(func(string) string { return "(" }); err == nil {
		t.Error("no error for an expression that does not compile")
	}
}
