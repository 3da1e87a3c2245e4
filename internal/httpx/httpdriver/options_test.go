package httpdriver_test

import (
	"context"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx/httpdriver"
)

// Every setting that the REST client has too reaches it: a field of the same name is not forgotten.
func TestOptions_areComplete(t *testing.T) {
	settings := driver.Settings{
		UserAgent: "test/1",
		Transport: &http.Transport{},
		RetryWait: 2 * time.Second,
		Grace:     3 * time.Second,
		Debug:     func(context.Context, string, ...map[string]any) {},
		Info:      func(context.Context, string, ...map[string]any) {},
		Observe:   func(http.Header) {},
	}
	options := httpdriver.Options(settings, "https://api.example")
	if options.BaseURL != "https://api.example" {
		t.Errorf("the endpoint is %q", options.BaseURL)
	}
	in, out := reflect.ValueOf(settings), reflect.ValueOf(options)
	shared := 0
	for i := range in.NumField() {
		name := in.Type().Field(i).Name
		got := out.FieldByName(name)
		if !got.IsValid() {
			continue
		}
		shared++
		switch want := in.Field(i); {
		case want.IsZero():
			t.Errorf("the test does not set %s", name)
		case want.Kind() == reflect.Func:
			if got.Pointer() != want.Pointer() {
				t.Errorf("%s is not passed on", name)
			}
		case !want.Equal(got):
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if shared < 6 {
		t.Errorf("only %d fields have the same name", shared)
	}
}
