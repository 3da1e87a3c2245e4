package cloud

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// observed is a driver that keeps the settings of Open.
type observed struct {
	fakeDriver
	settings *driver.Settings
}

func (d observed) Open(settings driver.Settings) (driver.Client, error) {
	*d.settings = settings
	return d.client, nil
}

func TestNow_isTheTimeOfTheLatestDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var settings driver.Settings
		drv := observed{fakeDriver{descriptor: descriptor("plain"), client: bareClient{&fake{t: t}}}, &settings}
		c, err := Open(drv, driver.Settings{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		const hour = time.Hour
		for _, step := range []struct {
			name, date string
			want       time.Duration
		}{
			{"before the first answer", "", 0},
			{"no date", "yesterday", 0},
			{"behind", time.Now().Add(-hour).UTC().Format(http.TimeFormat), -hour},
			{"no date again", "", -hour},
			{"ahead", time.Now().Add(2 * hour).UTC().Format(http.TimeFormat), 2 * hour},
		} {
			settings.Observe(http.Header{"Date": {step.date}})
			if got := time.Until(c.Now()); got != step.want || time.Until(settings.Now()) != step.want {
				t.Errorf("%s: the clock differs by %s, want %s", step.name, got, step.want)
			}
			if _, known := c.clock.at(time.Now()); known != (step.want != 0) {
				t.Errorf("%s: known is %t", step.name, known)
			}
		}
	})
}

func TestOpen_passesTheGracePeriodOn(t *testing.T) {
	for given, want := range map[time.Duration]time.Duration{0: defaultGrace, -1: defaultGrace, time.Second: time.Second} {
		var settings driver.Settings
		drv := observed{fakeDriver{descriptor: descriptor("plain"), client: bareClient{&fake{t: t}}}, &settings}
		if _, err := Open(drv, driver.Settings{}, Options{Grace: given}); err != nil || settings.Grace != want {
			t.Errorf("%s: the driver gets %s, want %s; %v", given, settings.Grace, want, err)
		}
	}
}
